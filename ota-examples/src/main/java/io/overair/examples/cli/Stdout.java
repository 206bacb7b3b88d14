package io.overair.examples.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Where results go, which knows why they did not all get there: a {@link PrintStream} only knows that they did not. */
final class Stdout extends PrintStream {
    private final Target target;

    private Stdout(Target target, Charset charset) {
        super(target, true, charset);
        this.target = target;
    }

    static Stdout to(OutputStream stream, Charset charset) {
        return new Stdout(new Target(stream), charset);
    }

    /** Whether whoever read the pipe has gone, like {@code head} when it has seen enough. */
    boolean readerHasGone() {
        return target.readerHasGone;
    }

    private static final class Target extends FilterOutputStream {
        private volatile boolean readerHasGone;

        Target(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                readerHasGone |= "Broken pipe".equals(e.getMessage());
                throw e;
            }
        }
    }
}
