package io.overair.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.overair.server.OtaResponse;
import java.util.OptionalLong;

/**
 * Writes the head of an answer in the one shape that the Pycom client reads without loss: its length is a multiple of
 * 100 bytes.
 *
 * <p>That client reads 100 bytes at a time, looks for the end of the head inside one such piece and decodes that piece
 * as UTF-8. A head that ends elsewhere loses the beginning of the body, or all of it:
 *
 * <pre>
 * HTTP/1.0 200 OK
 * Content-Type: application/octet-stream
 * Content-Length: 1234
 * X: --------------                          as many as it takes
 *
 * </pre>
 *
 * <p>It must leave in one write, and the connection must be closed after the body.
 */
final class OldClientHead {
    /** The size of the pieces in which the Pycom client reads. */
    static final int PIECE = 100;

    private static final String PADDING_NAME = "X: ";
    private static final int SHORTEST_PADDING = PADDING_NAME.length() + FieldText.LINE_END.length();

    private OldClientHead() {}

    /**
     * Appends the head of {@code response} to {@code out}, with a body of {@code contentLength} bytes. With status 200
     * there is nothing in it but the type and the length: what else there is to say would only push the head over the
     * next 100 bytes.
     */
    static void write(OtaResponse response, OptionalLong contentLength, ByteBuf out) {
        int start = out.writerIndex();
        HttpResponseStatus status = HttpResponseStatus.valueOf(response.status());
        FieldText.writeLine(out, "HTTP/1.0 ", status.codeAsText(), " ", status.reasonPhrase());
        response.headers().forEach((name, value) -> {
            if (response.status() != 200 || name.equalsIgnoreCase("Content-Type")) {
                FieldText.writeField(out, name, value);
            }
        });
        if (contentLength.isPresent()) {
            FieldText.writeField(out, "Content-Length", Long.toString(contentLength.getAsLong()));
        }
        pad(out, out.writerIndex() - start + FieldText.LINE_END.length());
        FieldText.writeLine(out);
    }

    private static void pad(ByteBuf out, int length) {
        int missing = (PIECE - length % PIECE) % PIECE;
        if (missing == 0) {
            return;
        }
        int padding = missing < SHORTEST_PADDING ? missing + PIECE : missing;
        FieldText.writeLine(out, PADDING_NAME, "-".repeat(padding - SHORTEST_PADDING));
    }
}
