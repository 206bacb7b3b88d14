package io.overair.server.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldTextTest {
    static Stream<Arguments> noTextEndsALineEarlyOrBeginsAnother() {
        return Stream.of(
                arguments("plain ~ text", "plain ~ text"),
                arguments("a\r\nSet-Cookie: x", "a??Set-Cookie: x"),
                arguments("a\rb\nc\0d\te", "a?b?c?d?e"),
                arguments("\u00e9\u2603", "??"),
                arguments("\u010d\u0a0a", "??"));
    }

    @ParameterizedTest
    @MethodSource
    void noTextEndsALineEarlyOrBeginsAnother(String value, String written) {
        ByteBuf out = Unpooled.buffer();

        FieldText.writeField(out, "X", value);

        assertThat(out.toString(UTF_8)).isEqualTo("X: " + written + "\r\n");
    }
}
