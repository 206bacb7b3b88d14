package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One run of a program on a {@link CrashDisk}.
 *
 * @param operations those that changed the disk, or might have
 * @param disks the disk before each of these, and at the end; of {@link #endOf} only that
 * @param failure what the program threw
 */
record Recording(List<Operation> operations, List<CrashDisk> disks, Optional<Throwable> failure) {
    private static final int MOST_OPERATIONS = 100_000;

    /** What to keep of a run. */
    private enum Kept {
        EVERY_DISK,
        LAST_DISK
    }

    /** Runs on a copy of {@code disk}. */
    static Recording of(CrashDisk disk, Scenario.Run run, UnaryOperator<FilePort> fault) {
        return of(disk, run, fault, Kept.EVERY_DISK);
    }

    /** The same without the disks on the way: most runs are never cut, and copies take half of the time. */
    static Recording endOf(CrashDisk disk, Scenario.Run run, UnaryOperator<FilePort> fault) {
        return of(disk, run, fault, Kept.LAST_DISK);
    }

    private static Recording of(CrashDisk disk, Scenario.Run run, UnaryOperator<FilePort> fault, Kept kept) {
        RecordingPort port = new RecordingPort(disk.copy(), kept);
        Optional<Throwable> failure = Optional.empty();
        try {
            run.on(fault.apply(port));
        } catch (IOException | RuntimeException | Error e) {
            failure = Optional.of(e);
        }
        port.disks.add(port.disk);
        return new Recording(port.operations, port.disks, failure);
    }

    CrashDisk end() {
        return disks.get(disks.size() - 1);
    }

    private static final class RecordingPort extends InterceptingPort {
        private final CrashDisk disk;
        private final List<Operation> operations = new ArrayList<>();
        private final List<CrashDisk> disks = new ArrayList<>();
        private final Kept kept;
        private int count;

        RecordingPort(CrashDisk disk, Kept kept) {
            super(disk);
            this.disk = disk;
            this.kept = kept;
        }

        @Override
        void around(Operation operation, Call call) throws IOException {
            if (++count > MOST_OPERATIONS) {
                throw new PowerCut("no end after " + MOST_OPERATIONS + " operations");
            }
            if (operation.changes()) {
                operations.add(operation);
                if (kept == Kept.EVERY_DISK) {
                    disks.add(disk.copy());
                }
            }
            call.run();
        }

        /** Owner and mode are set by two system calls. */
        @Override
        public void setAttributes(Path path, Attributes attributes) throws IOException {
            if (!attributes.owner().equals(Attributes.NO_OWNER)) {
                super.setAttributes(path, new Attributes(Attributes.NO_MODE, attributes.owner()));
            }
            super.setAttributes(path, new Attributes(attributes.mode(), Attributes.NO_OWNER));
        }
    }
}
