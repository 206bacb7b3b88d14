package io.overair.install;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells before anything is fetched which files can be given second names, on stores that have them. Linux may refuse them for
 * files of others, depending on who may do what with a file; so one of each kind is tried.
 */
final class LinkProbe {
    private final Disk disk;
    private final String self;
    private final Map<Kind, Boolean> known = new HashMap<>();

    private record Kind(StateFolder store, Attributes attributes) {}

    /** For the one to whom the state folder of {@code tree} belongs. */
    LinkProbe(Tree tree) throws IOException {
        this.disk = tree.disk();
        this.self = disk.port().status(tree.state().path()).attributes().owner();
    }

    /** Whether {@code file}, which has this status, can be given a second name in {@code store}. */
    boolean mayLink(Path file, FileStatus status, StateFolder store) throws IOException {
        if (status.attributes().isOf(self)) {
            return true;
        }
        Kind kind = new Kind(store, status.attributes());
        Boolean answer = known.get(kind);
        if (answer == null) {
            answer = tryIt(file, store);
            known.put(kind, answer);
        }
        return answer;
    }

    private boolean tryIt(Path file, StateFolder store) throws IOException {
        store.make();
        disk.makeFolder(store.parts());
        Path link = store.part("probe.link");
        disk.removeFile(link);
        try {
            disk.port().link(file, link);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        } finally {
            disk.removeFile(link);
        }
    }
}
