package io.overair.crashkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A release that a {@link CrashTest} installs.
 *
 * @param version what it is called
 * @param files content by path below {@link CrashTest#DEVICE}
 * @param removed paths of files that it does not have any more
 * @param firmware the content of its image
 */
public record SimulatedRelease(
        String version, Map<String, String> files, List<String> removed, Optional<String> firmware) {
    /** Copies files and removed paths. */
    public SimulatedRelease {
        files = Map.copyOf(files);
        removed = List.copyOf(removed);
    }

    /** A release of nothing yet. */
    public static SimulatedRelease of(String version) {
        return new SimulatedRelease(version, Map.of(), List.of(), Optional.empty());
    }

    /** With a file that is new or changed. */
    public SimulatedRelease file(String path, String content) {
        Map<String, String> more = new TreeMap<>(files);
        more.put(path, content);
        return new SimulatedRelease(version, more, removed, firmware);
    }

    /** Without a file that there was. */
    public SimulatedRelease without(String path) {
        List<String> more = new ArrayList<>(removed);
        more.add(path);
        return new SimulatedRelease(version, files, more, firmware);
    }

    /** With firmware. */
    public SimulatedRelease firmware(String image) {
        return new SimulatedRelease(version, files, removed, Optional.of(image));
    }
}
