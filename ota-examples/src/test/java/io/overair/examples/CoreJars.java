package io.overair.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the build has packed of ota-core; there only once it has. */
final class CoreJars {
    private CoreJars() {}

    static Path library() throws IOException {
        return jar("");
    }

    static Path crashKit() throws IOException {
        return jar("-tests");
    }

    private static Path jar(String classifier) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../ota-core/target"))) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches("ota-core-[0-9.]+(-SNAPSHOT)?" + classifier + "\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
