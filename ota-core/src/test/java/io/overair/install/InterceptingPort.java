package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A port around a port that sees every operation before it happens, and decides whether it does. */
abstract class InterceptingPort implements FilePort {
    /** What the operation does to the port within. */
    interface Call {
        void run() throws IOException;
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private interface QuestionTo<T> {
        T ask(FilePort asked) throws IOException;
    }

    private static final Path ROOT = Path.of("/");

    private final FilePort port;

    InterceptingPort(FilePort port) {
        this.port = port;
    }

    /** Runs {@code call}, or not, or later; an operation that returns something cannot be left out or put off. */
    abstract void around(Operation operation, Call call) throws IOException;

    /** Closes what was written to {@code file}, now or later. */
    void closing(Path file, Call close) throws IOException {
        close.run();
    }

    private <T> T answer(Operation operation, Question<T> question) throws IOException {
        List<T> answer = new ArrayList<>(1);
        around(operation, () -> answer.add(question.ask()));
        if (answer.isEmpty()) {
            throw new IllegalStateException("\"" + operation + "\" returns something and cannot be left out");
        }
        return answer.get(0);
    }

    /** Who answers a question: the port within, unless it shall be another one. */
    FilePort asked(Operation question) {
        return port;
    }

    private <T> T question(Operation.Kind kind, Path path, QuestionTo<T> question) throws IOException {
        Operation operation = new Operation(kind, path);
        return answer(operation, () -> question.ask(asked(operation)));
    }

    @Override
    public final FileStatus status(Path path) throws IOException {
        return question(Operation.Kind.STATUS, path, asked -> asked.status(path));
    }

    @Override
    public final Set<Path> mounts() throws IOException {
        return question(Operation.Kind.MOUNTS, ROOT, FilePort::mounts);
    }

    @Override
    public final Set<StoreWarning.Weakness> weaknesses(Path folder) throws IOException {
        return answer(new Operation(Operation.Kind.WEAKNESSES, folder), () -> port.weaknesses(folder));
    }

    @Override
    public final List<String> list(Path folder) throws IOException {
        return question(Operation.Kind.LIST, folder, asked -> asked.list(folder));
    }

    @Override
    public final InputStream read(Path file) throws IOException {
        return question(Operation.Kind.READ, file, asked -> asked.read(file));
    }

    @Override
    public final Output create(Path file) throws IOException {
        return new InterceptedOutput(file, answer(new Operation(Operation.Kind.CREATE, file), () -> port.create(file)));
    }

    @Override
    public final Output append(Path file) throws IOException {
        return new InterceptedOutput(file, answer(new Operation(Operation.Kind.APPEND, file), () -> port.append(file)));
    }

    @Override
    public final void forceFolder(Path folder) throws IOException {
        around(new Operation(Operation.Kind.FORCE_FOLDER, folder), () -> port.forceFolder(folder));
    }

    @Override
    public final void move(Path from, Path to) throws IOException {
        around(new Operation(Operation.Kind.MOVE, from, Optional.of(to)), () -> port.move(from, to));
    }

    @Override
    public final void link(Path existing, Path added) throws IOException {
        around(new Operation(Operation.Kind.LINK, existing, Optional.of(added)), () -> port.link(existing, added));
    }

    @Override
    public final void symlink(Path link, String target) throws IOException {
        around(new Operation(Operation.Kind.SYMLINK, link), () -> port.symlink(link, target));
    }

    @Override
    public final void unlink(Path file) throws IOException {
        around(new Operation(Operation.Kind.UNLINK, file), () -> port.unlink(file));
    }

    @Override
    public final void removeFolder(Path folder) throws IOException {
        around(new Operation(Operation.Kind.REMOVE_FOLDER, folder), () -> port.removeFolder(folder));
    }

    @Override
    public final void makeFolder(Path folder) throws IOException {
        around(new Operation(Operation.Kind.MAKE_FOLDER, folder), () -> port.makeFolder(folder));
    }

    @Override
    public void setAttributes(Path path, Attributes attributes) throws IOException {
        around(new Operation(Operation.Kind.SET_ATTRIBUTES, path), () -> port.setAttributes(path, attributes));
    }

    @Override
    public void copyUserAttributes(Path from, Path to) throws IOException {
        around(
                new Operation(Operation.Kind.COPY_USER_ATTRIBUTES, from, Optional.of(to)),
                () -> port.copyUserAttributes(from, to));
    }

    @Override
    public boolean isWritable(Path folder) throws IOException {
        return asked(new Operation(Operation.Kind.STATUS, folder)).isWritable(folder);
    }

    @Override
    public final long usableSpace(Path path) throws IOException {
        return question(Operation.Kind.USABLE_SPACE, path, asked -> asked.usableSpace(path));
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return question(Operation.Kind.LOCK, file, asked -> asked.lock(file));
    }

    private final class InterceptedOutput implements Output {
        private final Path file;
        private final Output output;

        InterceptedOutput(Path file, Output output) {
            this.file = file;
            this.output = output;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            around(new Operation(Operation.Kind.WRITE, file), () -> output.write(bytes, offset, length));
        }

        @Override
        public void force() throws IOException {
            around(new Operation(Operation.Kind.FORCE, file), output::force);
        }

        @Override
        public void close() throws IOException {
            closing(file, output::close);
        }
    }
}
