package io.overair.install;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the next slot takes over from a tree. */
final class Inventory {
    /** What lies beside a tree in place and is none of it. */
    private static final Set<String> NOT_OF_THE_TREE =
            Set.of(Slots.CURRENT.value(), Slots.RELEASES.value(), "lost+found");

    /**
     * Something to take over.
     *
     * @param path below the root of the tree; it may be one that no {@link DevicePath} can hold
     */
    record Item(String path, FileStatus status) {
        /** Whether it is one of {@code paths}. */
        boolean isOneOf(Predicate<DevicePath> paths) {
            try {
                return paths.test(new DevicePath(path));
            } catch (IllegalArgumentException foreign) {
                return false;
            }
        }
    }

    private final Tree tree;
    private final FilePort port;
    private final Set<String> leftOut;
    private final List<Item> items = new ArrayList<>();

    private Inventory(Tree tree, Set<String> leftOut) {
        this.tree = tree;
        this.port = tree.disk().port();
        this.leftOut = leftOut;
    }

    /**
     * Files, folders and links of {@code tree}, which is {@linkplain Tree#surveyed surveyed}, each folder before what is in
     * it, but for those that {@code steps} remove or replace.
     *
     * @throws ConflictException if something is mounted in it, or cannot be taken over since this JVM cannot express its name
     */
    static List<Item> of(Tree tree, List<Step> steps) throws IOException {
        Inventory inventory = new Inventory(
                tree,
                steps.stream()
                        .filter(step -> step.before() != Entry.ABSENT)
                        .map(step -> step.place().value())
                        .collect(Collectors.toSet()));
        inventory.collect("", tree.disk().port().status(tree.root()).store());
        return inventory.items;
    }

    private void collect(String prefix, Object store) throws IOException {
        Path folder = tree.root().resolve(prefix);
        Set<String> names = new HashSet<>();
        for (String name : port.list(folder)) {
            String path = prefix + name;
            if (!names.add(name)) {
                // Two names that are no text may read the same.
                throw unspeakable(path);
            }
            if (leftOut.contains(path) || isNotOfTheTree(path, name)) {
                continue;
            }
            Path file = Disk.child(folder, name).orElseThrow(() -> unspeakable(path));
            FileStatus status = port.status(file);
            if (status.isAbsent() && port.list(folder).contains(name)) {
                // Not one that went meanwhile.
                status = port.status(file);
                if (status.isAbsent()) {
                    throw unspeakable(path);
                }
            }
            if (!status.isAbsent()
                    && (tree.look().isMounted(file) || !status.store().equals(store))) {
                throw new ConflictException(path, "something is mounted there, which a slot cannot hold");
            }
            switch (status.kind()) {
                case FILE, LINK -> items.add(new Item(path, status));
                case FOLDER -> {
                    items.add(new Item(path, status));
                    collect(path + "/", store);
                }
                case ABSENT, OTHER -> {
                    // Whoever made a socket or a pipe makes it again where it looks for it.
                }
            }
        }
    }

    private static ConflictException unspeakable(String path) {
        return new ConflictException(path, "a slot cannot take it over: it has " + Disk.UNSPEAKABLE);
    }

    private boolean isNotOfTheTree(String path, String name) {
        boolean isInPlace = tree.root().equals(tree.state().mount());
        return name.equals(StateFolder.NAME) || (isInPlace && NOT_OF_THE_TREE.contains(path));
    }
}
