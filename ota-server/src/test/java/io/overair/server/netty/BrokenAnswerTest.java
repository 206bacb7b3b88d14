package io.overair.server.netty;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.server.netty.OtaServer.Engine;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that cannot be sent whole ends with a reset: a client without a length would take the part for the whole. */
final class BrokenAnswerTest extends ServerTest {
    private static final int PROMISED = 3_000_000;
    private static final int THERE = 1_000_000;

    static Stream<Arguments> enginesAndRequests() {
        return engines()
                .flatMap(engine ->
                        Stream.of(oldRequest("file"), request("file")).map(text -> Arguments.of(engine, text)));
    }

    @ParameterizedTest
    @MethodSource("enginesAndRequests")
    void fileThatWasCutShortIsReset(Engine engine, String request, @TempDir Path folder) throws IOException {
        releases.withFile("file", Files.write(folder.resolve("file"), randomBytes(THERE)), PROMISED);

        RawClient client = connect(start(engine)).send(request);

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
    }

    @ParameterizedTest
    @MethodSource("enginesAndRequests")
    void otherContentThatEndsEarlyIsReset(Engine engine, String request) throws Exception {
        releases.with("file", randomBytes(THERE), PROMISED);

        RawClient client = connect(start(engine)).send(request);

        assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
        releases.awaitAllClosed();
    }
}
