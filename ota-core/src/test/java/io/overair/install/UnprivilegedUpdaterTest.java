package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An updater that is not root, in folders where it may write, and files of others in them. */
class UnprivilegedUpdaterTest {
    private static final String SELF = "2000:2000";
    private static final Device DEVICE = Device.plain();

    /** What it makes belongs to it, and it may not give that away. As Linux has it, it may not link what is another's. */
    private static final class Unprivileged extends InterceptingPort {
        private final FilePort port;

        Unprivileged(FilePort port) {
            super(port);
            this.port = port;
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            if (operation.kind() == Operation.Kind.LINK && !isOwn(operation.path())) {
                throw new UnsupportedOperationException("Operation not permitted");
            }
            call.run();
            switch (operation.kind()) {
                case CREATE, MAKE_FOLDER ->
                    port.setAttributes(operation.path(), new Attributes(Attributes.NO_MODE, SELF));
                default -> {}
            }
        }

        @Override
        public void setAttributes(Path path, Attributes attributes) throws IOException {
            boolean gives = !attributes.owner().equals(Attributes.NO_OWNER)
                    && !attributes.owner().equals(port.status(path).attributes().owner());
            if (gives || !isOwn(path)) {
                throw new FileSystemException(path.toString(), null, "Operation not permitted");
            }
            super.setAttributes(path, attributes);
        }

        private boolean isOwn(Path path) throws IOException {
            return port.status(path).attributes().owner().equals(SELF);
        }
    }

    @Test
    void filesAndFoldersOfOthersAreReplacedAndComeBackAsItsOwn() throws IOException {
        CrashDisk disk = new CrashDisk().with(ROOT, Map.of("main", "old", "lib/gone", "gone", "kept", "kept"));
        FilePort port = new Unprivileged(disk);

        DEVICE.update("u", offer("2").file("main", "new").without("lib/gone").manifest())
                .on(port);
        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("new");
        assertThat(disk.status(ROOT.resolve("lib")).isAbsent()).isTrue();
        DEVICE.rollBack("b").on(port);

        assertThat(disk.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(disk.text(ROOT.resolve("lib/gone"))).isEqualTo("gone");
        assertThat(disk.status(ROOT.resolve("main")).attributes()).isEqualTo(new Attributes(0644, SELF));
        assertThat(disk.status(ROOT.resolve("lib")).attributes()).isEqualTo(new Attributes(0755, SELF));
        assertThat(disk.status(ROOT.resolve("kept")).attributes().owner()).isNotEqualTo(SELF);
    }
}
