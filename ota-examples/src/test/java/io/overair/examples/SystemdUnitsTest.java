package io.overair.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The units in {@code docs/systemd}, as systemd itself reads them. */
@Timeout(60)
class SystemdUnitsTest {
    private static final Path UNITS = Path.of("../docs/systemd");
    private static final Path ANALYZER = Path.of("/usr/bin/systemd-analyze");
    private static final String JAVA = "/usr/bin/java";

    @TempDir
    private Path folder;

    @Test
    void systemdHasNothingToSayAgainstTheUnits() throws Exception {
        assumeTrue(Files.isExecutable(ANALYZER), "no systemd-analyze here: apt-get install systemd");
        List<String> command = new ArrayList<>(List.of(ANALYZER.toString(), "verify", "--man=no"));
        for (Path unit : units().toList()) {
            Path copy = folder.resolve(unit.getFileName());
            // It looks for the programs; Java may lie elsewhere on this machine.
            Files.writeString(copy, Files.readString(unit).replace(JAVA, javaOfThisMachine()));
            command.add(copy.toString());
        }

        Path said = folder.resolve("said");
        Process verify = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();

        assertThat(verify.waitFor()).isZero();
        // A word that it does not know is no failure to it.
        assertThat(Files.readAllLines(said)).noneMatch(line -> line.contains(folder.toString()));
    }

    @ParameterizedTest
    @MethodSource("units")
    void unitCanNameEveryFileWaitsForTheTreeAndKnowsHowAJavaEnds(Path unit) throws IOException {
        assertThat(Files.readAllLines(unit))
                .contains("Environment=LC_ALL=C.UTF-8", "RequiresMountsFor=/opt/gateway", "SuccessExitStatus=143")
                .anyMatch(
                        line -> line.matches("Exec\\w+=.* io\\.overair\\.guard\\.Guard \\w+ --device /opt/gateway.*"));
    }

    private static Stream<Path> units() throws IOException {
        return Files.list(UNITS).sorted();
    }

    private static String javaOfThisMachine() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
