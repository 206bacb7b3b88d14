package io.overair.health;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {
    /** A program that asks a check which is talkative. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] arguments) throws InterruptedException {
            CommandCheck.running(List.of("sh", "-c", "echo '{\"status\":\"UP\"}'; echo no pump >&2"))
                    .problem();
        }
    }

    @Test
    void allOfNamesTheFirstProblem() throws InterruptedException {
        HealthCheck good = Optional::empty;
        HealthCheck bad = () -> Optional.of("bad");
        HealthCheck worse = () -> Optional.of("worse");

        assertThat(HealthCheck.allOf(List.of(good, bad, worse)).problem()).contains("bad");
        assertThat(HealthCheck.allOf(List.of(good, good)).problem()).isEmpty();
    }

    @Nested
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of a shell")
    class Commands {
        @Test
        void statusZeroIsHealthy() throws InterruptedException {
            assertThat(CommandCheck.running(List.of("true")).problem()).isEmpty();
        }

        @Test
        void anyOtherStatusIsAProblem() throws InterruptedException {
            assertThat(CommandCheck.running(List.of("sh", "-c", "exit 3")).problem())
                    .contains("sh ended with status 3");
        }

        @Test
        void commandThatHangsIsEnded() throws InterruptedException {
            assertThat(CommandCheck.running(List.of("sleep", "600"))
                            .withLimit(Duration.ofMillis(100))
                            .problem()
                            .orElseThrow())
                    .contains("took longer");
        }

        @Test
        void commandThatIsNotThereIsAProblem() throws InterruptedException {
            assertThat(CommandCheck.running(List.of("/no/such/command")).problem())
                    .isPresent();
        }

        @Test
        void whatACommandPrintsIsNoOutputOfTheProgramThatAsks() throws Exception {
            Process asking = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classesOf(CommandCheck.class) + ":" + classesOf(HealthCheckTest.class),
                            Asking.class.getName())
                    .start();

            assertThat(asking.inputReader().lines()).isEmpty();
            assertThat(asking.errorReader().lines()).containsExactly("no pump");
        }

        private static Path classesOf(Class<?> program) throws URISyntaxException {
            return Path.of(
                    program.getProtectionDomain().getCodeSource().getLocation().toURI());
        }

        @Test
        void commandNeedsAName() {
            assertThatThrownBy(() -> CommandCheck.running(List.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Pages {
        /** Answers one connection with {@code answer} and does not close it. */
        private URI serverThatSays(ServerSocket server, String answer) {
            CompletableFuture.runAsync(() -> {
                try {
                    Socket socket = server.accept();
                    socket.getOutputStream().write(answer.getBytes(US_ASCII));
                    socket.getOutputStream().flush();
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            return URI.create("http://127.0.0.1:%d/health".formatted(server.getLocalPort()));
        }

        @ParameterizedTest
        @CsvSource({"200 OK, true", "204 No Content, true", "404 Not Found, false", "500 Oops, false"})
        void statusTells(String status, boolean healthy) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                URI uri = serverThatSays(server, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");

                assertThat(HttpCheck.of(uri).problem().isEmpty()).isEqualTo(healthy);
            }
        }

        @ParameterizedTest
        @CsvSource({"''", "HTTP/1.1 200 OK", "'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'"})
        void answerThatDoesNotComeToItsEndIsAProblem(String answer) throws Exception {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                URI uri = serverThatSays(server, answer);

                assertThat(HttpCheck.of(uri).withLimit(Duration.ofMillis(300)).problem())
                        .isPresent();
            }
        }

        private static URI whereNobodyAnswers() throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return URI.create("http://127.0.0.1:%d/".formatted(server.getLocalPort()));
            }
        }

        @Test
        void nobodyThereIsAProblem() throws Exception {
            URI uri = whereNobodyAnswers();

            assertThat(HttpCheck.of(uri).problem().orElseThrow()).startsWith(uri.toString());
        }

        @Test
        void askingAgainAndAgainTakesNoMoreThreadsThanAskingOnce() throws Exception {
            HttpCheck check = HttpCheck.of(whereNobodyAnswers());
            long before = clients();

            for (int time = 0; time < 300; time++) {
                assertThat(check.problem()).isPresent();
            }

            assertThat(clients()).isLessThanOrEqualTo(before + 1);
        }

        private static long clients() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                    .count();
        }

        @Test
        void onlyPagesCanBeAskedFor() {
            assertThatThrownBy(() -> HttpCheck.of(URI.create("file:/etc/passwd")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
