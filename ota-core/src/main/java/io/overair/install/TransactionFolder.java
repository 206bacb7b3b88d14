package io.overair.install;

import java.nio.file.Path;

/** The folder of one transaction: what lies where. */
record TransactionFolder(Path path) {
    Path id() {
        return path.getFileName();
    }

    Path newFiles() {
        return path.resolve("new");
    }

    Path staged(int number) {
        return newFiles().resolve(Integer.toString(number));
    }

    Path oldFiles() {
        return path.resolve("old");
    }

    Path backup(int number) {
        return oldFiles().resolve(Integer.toString(number));
    }

    /** Where a file is put that appeared at a place from which one was to be removed. */
    Path late(int number) {
        return oldFiles().resolve(number + ".late");
    }

    Path backFiles() {
        return path.resolve("back");
    }

    Path back(int number) {
        return backFiles().resolve(Integer.toString(number));
    }

    Path plan() {
        return path.resolve("plan");
    }

    Path planBack() {
        return path.resolve("plan.back");
    }

    Path state() {
        return path.resolve("state");
    }

    Path stateBack() {
        return path.resolve("state.back");
    }

    Path installed() {
        return path.resolve("installed");
    }

    Path installedBack() {
        return path.resolve("installed.back");
    }

    Path hooks() {
        return path.resolve("hooks");
    }

    /** There from before firmware is made active from which there is no way back; empty. */
    Path activating() {
        return path.resolve("activating");
    }

    Path stuck() {
        return path.resolve("stuck");
    }

    Path done() {
        return path.resolve("done");
    }
}
