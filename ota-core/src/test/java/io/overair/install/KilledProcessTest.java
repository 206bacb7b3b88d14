package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1 on a real disk: a real process is ended at changes of a real update, and what it left is brought to its end. */
class KilledProcessTest {
    private static final int SAMPLES = 30;

    @TempDir
    Path folder;

    private TreeImage before;
    private TreeImage after;
    private int changes;

    /** An update that nobody ends tells what the new tree is, and how many changes there are. */
    @BeforeEach
    void anUpdateThatIsNotCut() throws IOException {
        Path root = UpdatingProgram.makeDevice(folder.resolve("whole"));
        before = image(root);
        FilePort counting = new InterceptingPort(new NioFilePort()) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                changes += operation.changes() ? 1 : 0;
                call.run();
            }
        };
        assertThat(UpdatingProgram.update(root, counting)).isEqualTo(UpdatingProgram.APPLIED);
        after = image(root);
    }

    @Test
    void processThatEndsBeforeAnyChangeLeavesTheOldOrTheNewTree() throws Exception {
        int[] news = {0};
        int[] places = sampled().toArray();
        for (int change : places) {
            Path root = UpdatingProgram.makeDevice(folder.resolve("device" + change));

            end(change, root);

            news[0] += isNewAfterRecovery(change, root) ? 1 : 0;
            UpdatingProgram.update(root, new NioFilePort());
            assertThat(image(root))
                    .as("updated after the end before change %d", change)
                    .isEqualTo(after);
        }
        System.out.printf(
                "a process ended at %d of %d changes: %d old, %d new%n",
                places.length, changes, places.length - news[0], news[0]);
        assertThat(news[0]).isBetween(1, places.length - 1);
    }

    private IntStream sampled() {
        boolean every = System.getProperty("overair.proofs", "").equals("all");
        return every
                ? IntStream.rangeClosed(1, changes)
                : IntStream.rangeClosed(1, SAMPLES).map(sample -> Math.max(1, sample * changes / SAMPLES));
    }

    /** By itself and by a signal, in turns. */
    private static void end(int change, Path root) throws Exception {
        Process process = UpdatingProgram.start();
        try (PrintWriter commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader answers = process.inputReader()) {
            if (change % 2 == 0) {
                commands.println("halt " + change + " " + root);
                assertThat(answers.readLine()).isNull();
            } else {
                commands.println("wait " + change + " " + root);
                assertThat(answers.readLine()).startsWith("before ");
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private boolean isNewAfterRecovery(int change, Path root) throws IOException {
        Installation.open(root).close();
        TreeImage found = image(root);
        assertThat(found).as("ended before change %d", change).isIn(before, after);
        return found.equals(after);
    }

    private static TreeImage image(Path root) throws IOException {
        return TreeImage.of(new NioFilePort(), root);
    }
}
