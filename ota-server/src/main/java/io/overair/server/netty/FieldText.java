package io.overair.server.netty;

import io.netty.buffer.ByteBuf;

/**
 * Writes lines of a head. No text can end a line early or begin another one: every character that is not printable
 * ASCII becomes a question mark.
 */
final class FieldText {
    static final String LINE_END = "\r\n";

    private static final int LINE_END_BYTES = ('\r' << 8) | '\n';

    private FieldText() {}

    static void writeField(ByteBuf out, CharSequence name, CharSequence value) {
        writeLine(out, name, ": ", value);
    }

    static void writeLine(ByteBuf out, CharSequence... parts) {
        for (CharSequence part : parts) {
            out.ensureWritable(part.length());
            for (int i = 0; i < part.length(); i++) {
                char character = part.charAt(i);
                out.writeByte(character >= ' ' && character <= '~' ? character : '?');
            }
        }
        out.writeShort(LINE_END_BYTES);
    }
}
