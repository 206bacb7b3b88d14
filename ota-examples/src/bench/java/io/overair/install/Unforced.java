package io.overair.install;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * An installation that never waits for the disk, to measure what waiting costs. It stands in this package, in the
 * benchmark only, because nobody else shall get at the port.
 */
public final class Unforced {
    private Unforced() {}

    /** An installation that a power cut may tear. */
    public static Installation open(Path root) throws IOException {
        FilePort port = new ForcingNothing(new NioFilePort());
        return Installation.open(
                root,
                InstallationOptions.defaults(),
                new Environment(port, Clock.systemUTC(), Ids.random(), Thread::sleep));
    }

    private record ForcingNothing(FilePort port) implements FilePort {
        @Override
        public FileStatus status(Path path) throws IOException {
            return port.status(path);
        }

        @Override
        public Set<Path> mounts() throws IOException {
            return port.mounts();
        }

        @Override
        public Set<StoreWarning.Weakness> weaknesses(Path folder) throws IOException {
            return port.weaknesses(folder);
        }

        @Override
        public List<String> list(Path folder) throws IOException {
            return port.list(folder);
        }

        @Override
        public InputStream read(Path file) throws IOException {
            return port.read(file);
        }

        @Override
        public Output create(Path file) throws IOException {
            return new Unforcing(port.create(file));
        }

        @Override
        public Output append(Path file) throws IOException {
            return new Unforcing(port.append(file));
        }

        @Override
        public void forceFolder(Path folder) {}

        @Override
        public void move(Path from, Path to) throws IOException {
            port.move(from, to);
        }

        @Override
        public void link(Path existing, Path added) throws IOException {
            port.link(existing, added);
        }

        @Override
        public void symlink(Path link, String target) throws IOException {
            port.symlink(link, target);
        }

        @Override
        public void unlink(Path file) throws IOException {
            port.unlink(file);
        }

        @Override
        public void removeFolder(Path folder) throws IOException {
            port.removeFolder(folder);
        }

        @Override
        public void makeFolder(Path folder) throws IOException {
            port.makeFolder(folder);
        }

        @Override
        public void setAttributes(Path path, Attributes attributes) throws IOException {
            port.setAttributes(path, attributes);
        }

        @Override
        public void copyUserAttributes(Path from, Path to) throws IOException {
            port.copyUserAttributes(from, to);
        }

        @Override
        public boolean isWritable(Path folder) throws IOException {
            return port.isWritable(folder);
        }

        @Override
        public long usableSpace(Path path) throws IOException {
            return port.usableSpace(path);
        }

        @Override
        public Closeable lock(Path file) throws IOException {
            return port.lock(file);
        }
    }

    private record Unforcing(FilePort.Output output) implements FilePort.Output {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            output.write(bytes, offset, length);
        }

        @Override
        public void force() {}

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
