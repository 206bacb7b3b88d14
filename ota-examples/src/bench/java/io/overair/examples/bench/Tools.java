package io.overair.examples.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of others that the benchmark compares with. */
record Tools(Optional<String> nginx, Optional<Path> pycomServer, Optional<String> openssl) {
    /** Looks for them, and says which rows will be missing. */
    static Tools find() throws InterruptedException {
        return new Tools(
                found(
                        program("nginx"),
                        "nginx is not installed (apt-get install nginx-light): no rows and no ratios of it"),
                found(
                        pycomScript(),
                        "OTA_PYCOM_DIR does not name the folder of Pycom's OTA_server.py, or python3 has no"
                                + " distutils: no rows of it"),
                found(program("openssl"), "openssl is not installed (apt-get install openssl): no rows on indexing"));
    }

    static boolean hasWrk() {
        return program("wrk").isPresent();
    }

    private static <T> Optional<T> found(Optional<T> tool, String otherwise) {
        if (tool.isEmpty()) {
            System.err.println(otherwise);
        }
        return tool;
    }

    /** Debian keeps servers where an ordinary user's path does not lead. */
    private static Optional<String> program(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static Optional<Path> pycomScript() throws InterruptedException {
        Optional<Path> script = Optional.ofNullable(System.getenv("OTA_PYCOM_DIR"))
                .map(folder -> Path.of(folder, "OTA_server.py").toAbsolutePath())
                .filter(Files::isRegularFile);
        try {
            if (script.isPresent()) {
                Children.outputOf(new ProcessBuilder("python3", "-W", "ignore", "-c", "import distutils.version"));
            }
            return script;
        } catch (IOException noDistutils) {
            return Optional.empty();
        }
    }
}
