package io.overair.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.overair.server.OtaResponse;
import java.util.OptionalLong;

/** Writes the head of an answer as HTTP/1.1 has it. */
final class OrdinaryHead {
    /** What becomes of the connection afterwards. */
    enum Connection {
        /** Another request may follow. */
        STAYS,
        /** It is closed. */
        CLOSES
    }

    private OrdinaryHead() {}

    /** Appends the head of {@code response} to {@code out}. */
    static void write(OtaResponse response, OptionalLong contentLength, Connection connection, ByteBuf out) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(response.status());
        FieldText.writeLine(out, "HTTP/1.1 ", status.codeAsText(), " ", status.reasonPhrase());
        FieldText.writeField(out, "Date", DateField.now());
        response.headers().forEach((name, value) -> FieldText.writeField(out, name, value));
        if (contentLength.isPresent()) {
            FieldText.writeField(out, "Content-Length", Long.toString(contentLength.getAsLong()));
        }
        if (connection == Connection.CLOSES) {
            FieldText.writeField(out, "Connection", "close");
        }
        FieldText.writeLine(out);
    }
}
