package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is mounted where, as Linux tells it in {@code /proc/self/mountinfo}. A device number is not enough to know what a
 * rename can cross: what is mounted with {@code --bind} has the one of its surroundings.
 *
 * <pre>
 * 42 27 254:0 /data /srv/my\040tree/sd rw,relatime shared:1 - ext4 /dev/vda rw
 * id    the mount that it is mounted on
 *    27 device   what of it   where, with blanks, tabs, newlines and backslashes as octal numbers
 * </pre>
 */
final class MountTable {
    private static final int ID = 0;
    private static final int PARENT = 1;
    private static final int POINT = 4;

    /** A file or folder on which something is mounted, seen through the mount {@code parent}. */
    private record Mount(String parent, Path point) {}

    private final Map<String, Mount> byId = new HashMap<>();
    /** Without that of the root, which may be its own parent. */
    private final Set<Mount> mounted = new HashSet<>();
    /** As far as it is known by id. */
    private final Map<String, Boolean> visible = new HashMap<>();

    private MountTable(BufferedReader table) throws IOException {
        for (String line = table.readLine(); line != null; line = table.readLine()) {
            String[] fields = line.split(" ", -1);
            Optional<Path> point = fields.length > POINT ? path(fields[POINT]) : Optional.empty();
            if (point.isPresent()) {
                Mount mount = new Mount(fields[PARENT], point.get());
                byId.put(fields[ID], mount);
                if (!fields[PARENT].equals(fields[ID])) {
                    mounted.add(mount);
                }
            }
        }
    }

    /** Where something is mounted that this program can see; {@code table} is read as ISO 8859-1. */
    static Set<Path> points(BufferedReader table) throws IOException {
        MountTable mounts = new MountTable(table);
        Set<Path> points = new TreeSet<>();
        mounts.byId.forEach((id, mount) -> {
            if (mounts.isVisible(id)) {
                points.add(mount.point());
            }
        });
        return points;
    }

    /**
     * A mount is hidden by what was mounted later on a folder above it, and by what hides the mount it is on. No recursion:
     * there may be more mounts on top of each other than a stack holds.
     */
    private boolean isVisible(String id) {
        Deque<Map.Entry<String, Mount>> unknown = new ArrayDeque<>();
        String at = id;
        for (Mount mount = byId.get(at); mount != null && visible.putIfAbsent(at, true) == null; mount = byId.get(at)) {
            unknown.push(Map.entry(at, mount));
            at = mount.parent();
        }
        boolean isVisible = visible.getOrDefault(at, true);
        for (Map.Entry<String, Mount> mount : unknown) {
            isVisible = isVisible && !isCovered(mount.getValue());
            visible.put(mount.getKey(), isVisible);
        }
        return isVisible;
    }

    private boolean isCovered(Mount mount) {
        for (Path above = mount.point().getParent(); above != null; above = above.getParent()) {
            if (mounted.contains(new Mount(mount.parent(), above))) {
                return true;
            }
        }
        return false;
    }

    /** The path that {@code field} stands for, unless this JVM cannot express it: then nobody asks for it either. */
    private static Optional<Path> path(String field) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && field.substring(i + 1).matches("[0-7]{3}.*")) {
                name.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                name.write(field.charAt(i));
            }
        }
        try {
            return Optional.of(Path.of(name.toString(UTF_8)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
