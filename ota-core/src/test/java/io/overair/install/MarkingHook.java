package io.overair.install;

import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;

/** Leaves a file for each call, durable when it returns; undone, it removes those of that change. */
final class MarkingHook implements UpdateHook {
    /** Where the files are; a folder that is there. */
    static final Path MARKS = Path.of("/marks");

    private final String name;
    private final FilePort port;

    MarkingHook(String name, FilePort port) {
        this.name = name;
        this.port = port;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void beforeApply(Change change) throws IOException {
        mark(HookEvent.BEFORE_APPLY, change);
    }

    @Override
    public void afterApply(Change change) throws IOException {
        mark(HookEvent.AFTER_APPLY, change);
    }

    @Override
    public void onRollback(Change change) throws IOException {
        mark(HookEvent.ON_ROLLBACK, change);
    }

    @Override
    public void undo(Change change) throws IOException {
        for (HookEvent event : HookEvent.values()) {
            Path mark = file(event, change);
            if (!port.status(mark).isAbsent()) {
                port.unlink(mark);
            }
        }
        port.forceFolder(MARKS);
    }

    private void mark(HookEvent event, Change change) throws IOException {
        Path mark = file(event, change);
        if (port.status(mark).isAbsent()) {
            port.create(mark).close();
        }
        port.forceFolder(MARKS);
    }

    private Path file(HookEvent event, Change change) {
        String to = change.to().map(LooseVersion::toString).orElse("");
        return MARKS.resolve("%s.%s.%s".formatted(name, to, Words.of(event)));
    }
}
