package io.overair.examples.embedding;

import io.overair.install.FirmwareSlot;
import io.overair.install.FirmwareWriter;
import io.overair.manifest.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Firmware for a board that knows two partitions and a boot variable: each method can be repeated after a crash. */
public final class OwnFirmwareWriter {
    private OwnFirmwareWriter() {}

    /** What the board's own tools can do. Each refuses a partition that there is not: another writer may have named it. */
    public interface Board {
        /** Which of the two partitions starts next. */
        String bootsFrom() throws IOException;

        /** The other one. */
        String idle() throws IOException;

        /** Changes which one it is, durably and at once. */
        void bootFrom(String partition) throws IOException;

        /** Copies {@code image} to a partition, to the disk and not only on its way there. */
        void write(String partition, Path image) throws IOException;

        /** Reads a partition; empty if there is no image in it. */
        Optional<Digest> sha256(String partition) throws IOException;
    }

    // README: begin firmware
    record BoardFirmware(Board board) implements FirmwareWriter {
        @Override
        public Optional<FirmwareSlot> active() throws IOException {
            return Optional.of(slot(board.bootsFrom()));
        }

        @Override
        public FirmwareSlot write(Path image, Digest sha256) throws IOException {
            String idle = board.idle();
            board.write(idle, image);
            if (!board.sha256(idle).equals(Optional.of(sha256))) {
                throw new IOException("partition " + idle + " reads back other than it was written");
            }
            return slot(idle);
        }

        @Override
        public void activate(FirmwareSlot slot, Optional<Path> image) throws IOException {
            board.bootFrom(slot.name());
        }

        @Override
        public boolean holds(FirmwareSlot slot) throws IOException {
            return slot(slot.name()).equals(slot);
        }

        private FirmwareSlot slot(String partition) throws IOException {
            return new FirmwareSlot(partition, board.sha256(partition));
        }
    }
    // README: end firmware

    /** A writer for {@code board}. */
    public static FirmwareWriter of(Board board) {
        return new BoardFirmware(board);
    }
}
