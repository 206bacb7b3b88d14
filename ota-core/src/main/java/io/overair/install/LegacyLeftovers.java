package io.overair.install;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Manifest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Trees that the Pycom client left half-way. It renames each {@code X} to {@code X.bak}, then each {@code X.new} to
 * {@code X}: cut in between, it leaves no {@code X} but the two others. Only then is {@code X.bak} the file that belongs
 * there, for the client never removes it after success.
 */
final class LegacyLeftovers {
    private static final String OLD = ".bak";
    private static final String NEW = ".new";

    private final Tree tree;
    private final EventLog log;
    private int restored;

    LegacyLeftovers(Tree tree, EventLog log) {
        this.tree = tree;
        this.log = log;
    }

    /** Puts back what was cut, anywhere in the tree; how many files that were. */
    int restoreAll() throws IOException {
        restoreIn(tree.root());
        return restored;
    }

    /** Puts back what was cut among the files that {@code manifest} names. */
    void restoreNamedBy(Manifest manifest) throws IOException {
        Tree now = tree.surveyed();
        Set<String> named = new TreeSet<>();
        Stream.concat(manifest.files().map(file -> file.path()), manifest.removed().stream())
                .forEach(path -> named.add(path.value()));
        for (String name : named) {
            boolean meant = named.contains(name + OLD) || named.contains(name + NEW);
            if (!meant && canBeLeftOver(name + OLD)) {
                restoreAt(new DevicePath(name), now);
            }
        }
    }

    /** A name that is too long for the suffix never got it. */
    private static boolean canBeLeftOver(String name) {
        try {
            return name.equals(new DevicePath(name).value());
        } catch (IllegalArgumentException tooLong) {
            return false;
        }
    }

    private void restoreAt(DevicePath path, Tree now) throws IOException {
        if (now.locate(path).missing().isEmpty()) {
            restore(tree.at(path));
        }
    }

    private void restoreIn(Path folder) throws IOException {
        FilePort port = tree.disk().port();
        Set<String> names;
        try {
            names = new HashSet<>(port.list(folder));
        } catch (AccessDeniedException notOurs) {
            // Such as lost+found: what this program may not list, the Pycom client did not write.
            return;
        }
        for (String name : new TreeSet<>(names)) {
            Optional<Path> file = Disk.child(folder, name);
            if (name.equals(StateFolder.NAME) || file.isEmpty()) {
                // A name that this JVM cannot express is none that the Pycom client wrote.
                continue;
            }
            if (name.endsWith(OLD)) {
                String original = name.substring(0, name.length() - OLD.length());
                if (!names.contains(original) && names.contains(original + NEW)) {
                    restore(folder.resolve(original));
                }
            } else if (port.status(file.get()).isFolder()) {
                restoreIn(file.get());
            }
        }
    }

    private void restore(Path file) throws IOException {
        FilePort port = tree.disk().port();
        Path old = file.resolveSibling(file.getFileName() + OLD);
        Path fresh = file.resolveSibling(file.getFileName() + NEW);
        if (port.status(file).isAbsent()
                && port.status(old).isFile()
                && port.status(fresh).isFile()) {
            port.move(old, file);
            port.forceFolder(Disk.parent(file));
            restored++;
            log.add("restored-legacy", "path", tree.root().relativize(file));
        }
    }
}
