package io.overair.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an update costs where forces are what costs. */
class ForceCountTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "10, 10", "200, 1", "200, 20"})
    void forcesAreTwoAFileThreeAFolderAndAFixedNumber(int files, int folders) throws IOException {
        Device.Offer offer = Device.offer("2");
        for (int file = 0; file < files; file++) {
            offer = offer.file("folder%d/%d".formatted(file % folders, file), "content " + file);
        }
        int[] forces = {0};
        FilePort counting = new InterceptingPort(new CrashDisk().with(Device.ROOT, Map.of())) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                boolean force =
                        operation.kind() == Operation.Kind.FORCE || operation.kind() == Operation.Kind.FORCE_FOLDER;
                forces[0] += force ? 1 : 0;
                call.run();
            }
        };

        Device.plain().update("u", offer.manifest()).on(counting);

        // The root is touched, too.
        assertThat(forces[0]).isBetween(files, 2 * files + 3 * (folders + 1) + 25);
        System.out.printf("%d files in %d folders: %d forces%n", files, folders, forces[0]);
    }
}
