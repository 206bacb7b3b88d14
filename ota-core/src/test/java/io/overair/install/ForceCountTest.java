package io.overair.install;

import static io.overair.install.Device.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.overair.install.Operation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What safety costs where forces are what costs: at most two a file, three a touched folder, and a fixed number. */
class ForceCountTest {
    private static final int FIXED = 25;
    private static final Trial TRIAL = Trial.of(3, Duration.ofMinutes(10));

    private final CrashDisk disk = new CrashDisk().with(ROOT, Map.of());

    private static Device.Offer offer(String version, int files, int folders) {
        Device.Offer offer = Device.offer(version);
        for (int file = 0; file < files; file++) {
            offer = offer.file("folder%d/%d".formatted(file % folders, file), version + " content " + file);
        }
        return offer;
    }

    private int forcesOf(Scenario.Run run) throws IOException {
        int[] forces = {0};
        FilePort counting = new InterceptingPort(disk) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                forces[0] += operation.kind() == Kind.FORCE || operation.kind() == Kind.FORCE_FOLDER ? 1 : 0;
                call.run();
            }
        };
        run.on(counting);
        return forces[0];
    }

    /** The root is touched, too. */
    private static int most(int files, int folders) {
        return 2 * files + 3 * (folders + 1) + FIXED;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "10, 10", "200, 1", "200, 20"})
    void updateForcesTwiceAFileAndThriceAFolderAtMost(int files, int folders) throws IOException {
        int forces =
                forcesOf(Device.plain().update("u", offer("2", files, folders).manifest()));

        assertThat(forces).isBetween(files, most(files, folders));
        System.out.printf("%d files in %d folders: %d forces%n", files, folders, forces);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 10", "200, 20"})
    void trialCostsNoMore(int files, int folders) throws IOException {
        Device trying = new Device(port -> InstallationOptions.defaults().withTrial(TRIAL));

        int forces = forcesOf(trying.update("u", offer("2", files, folders).manifest()));

        assertThat(forces).isBetween(files, most(files, folders));
        System.out.printf("%d files in %d folders on trial: %d forces%n", files, folders, forces);
    }

    /** That a hook was started is on the disk before it is. */
    @ParameterizedTest
    @CsvSource({"1, 1", "10, 10", "200, 20"})
    void hooksCostNoMore(int files, int folders) throws IOException {
        Device hooked = new Device(port -> InstallationOptions.defaults()
                .withHook(new FakeHook("first", new ArrayList<>()))
                .withHook(new FakeHook("second", new ArrayList<>())));

        int forces = forcesOf(hooked.update("u", offer("2", files, folders).manifest()));

        assertThat(forces).isBetween(files, most(files, folders));
        System.out.printf("%d files in %d folders with two hooks: %d forces%n", files, folders, forces);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "10, 10", "200, 20"})
    void rollbackForcesNoMoreThanAnUpdate(int files, int folders) throws IOException {
        Device.plain().update("u", offer("1", files, folders).manifest()).on(disk);
        Device.plain().update("v", offer("2", files, folders).manifest()).on(disk);

        int forces = forcesOf(Device.plain().rollBack("b"));

        assertThat(forces).isLessThanOrEqualTo(most(files, folders));
        System.out.printf("%d files in %d folders brought back: %d forces%n", files, folders, forces);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "200, 20"})
    void eachWordOfATrialCostsTheSameHoweverLargeItsReleaseIs(int files, int folders) throws IOException {
        Device trying = new Device(port -> InstallationOptions.defaults().withTrial(TRIAL));
        trying.update("u", offer("2", files, folders).manifest()).on(disk);
        Set<Integer> costs = new HashSet<>();
        for (String run : List.of("a", "b", "c")) {
            costs.add(forcesOf(port -> {
                try (Installation installation = Device.plain().open(port, run)) {
                    installation.countStart();
                }
            }));
        }

        System.out.println("a start counted: " + costs + " forces");
        assertThat(costs).hasSize(1).allMatch(forces -> forces <= 4);
    }
}
