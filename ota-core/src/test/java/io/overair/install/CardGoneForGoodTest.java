package io.overair.install;

import static io.overair.install.Device.ROOT;
import static io.overair.install.Device.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.overair.manifest.DevicePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A card that dies while an update is on its way, and another one, or none, in its place. */
class CardGoneForGoodTest {
    private static final Path CARD = Path.of("/card");
    private static final Path OTHER = Path.of("/other");
    private static final Path FLASHED = Path.of("/firmware/flashed");
    private static final Path SD = ROOT.resolve("sd");
    private static final Path STARTED = ROOT.resolve(".ota/txn/u0/activating");

    private static final Device DEVICE = Device.plain();
    private static final Device REPLACED =
            new Device(port -> InstallationOptions.defaults().withReplacedStore(new DevicePath("sd")));
    private static final Device.Offer UPDATE =
            offer("2").file("main", "new").file("sd/a", "new").file("sd/deep/b", "new");

    private final CrashDisk disk = new CrashDisk()
            .with(CARD, Map.of("a", "old"))
            .with(OTHER, Map.of("a", "of another"))
            .with(ROOT, Map.of("main", "old", "sd/", ""))
            .with(FLASHED.getParent(), Map.of("flashed", "old image"))
            .bind(CARD, SD);

    /** The disk after a kill at a change of an update, with the other card. */
    private CrashDisk cutAt(int change) {
        return cutAt(change, DEVICE, UPDATE);
    }

    private CrashDisk cutAt(int change, Device device, Device.Offer offer) {
        CrashDisk copy = disk.copy();
        assertThatThrownBy(() -> device.update("u", offer.manifest()).on(new CuttingPort(copy, change)))
                .isInstanceOf(PowerCut.class);
        return copy.afterKill().unmount(SD).bind(OTHER, SD);
    }

    /** The changes of an update at which a kill leaves the plan, so that it has to be brought to its end. */
    private static IntStream afterTheCommitPoint() throws IOException {
        CardGoneForGoodTest test = new CardGoneForGoodTest();
        CrashDisk whole = test.disk.copy();
        int[] changes = {0};
        DEVICE.update("u", UPDATE.manifest()).on(new InterceptingPort(whole) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                changes[0] += operation.changes() ? 1 : 0;
                call.run();
            }
        });
        return IntStream.range(0, changes[0])
                .filter(change -> isFile(test.cutAt(change), ROOT.resolve(".ota/txn/u0/plan")));
    }

    private static boolean isFile(CrashDisk disk, Path path) {
        return disk.status(path).isFile();
    }

    private static void isBackAndTheUpdateCanComeAgain(CrashDisk cut) throws IOException {
        assertThat(cut.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(cut.text(OTHER.resolve("a"))).isEqualTo("of another");

        REPLACED.update("w", UPDATE.manifest()).on(cut);

        assertThat(cut.text(ROOT.resolve("main"))).isEqualTo("new");
        assertThat(cut.text(OTHER.resolve("a"))).isEqualTo("new");
        try (Installation installation = DEVICE.open(cut, "x")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            assertThat(installation.verify()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("afterTheCommitPoint")
    void updateThatWasCutIsUndoneWithoutIt(int change) throws IOException {
        CrashDisk cut = cutAt(change);
        assertThatThrownBy(() -> DEVICE.recover(cut))
                .isInstanceOf(RollbackFailedException.class)
                .hasCauseInstanceOf(MissingStoreException.class);

        try (Installation installation = REPLACED.open(cut, "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.UNDONE);
            assertThat(installation.events()).anyMatch(event -> event.endsWith(" store-left-out mount=sd"));
        }

        isBackAndTheUpdateCanComeAgain(cut);
    }

    @ParameterizedTest
    @MethodSource("afterTheCommitPoint")
    void updateThatWasCutIsUndoneWithoutItThoughNothingIsInItsPlace(int change) throws IOException {
        CrashDisk cut = cutAt(change).unmount(SD);

        REPLACED.recover(cut);

        assertThat(cut.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(cut.list(SD)).isEmpty();
    }

    @Test
    void wayBackThatHasBegunWithoutItIsFollowedToItsEndAlsoByWhoDoesNotKnowThatItIsGone() throws IOException {
        CrashDisk cut = cutAt(afterTheCommitPoint().max().orElseThrow());
        int begun = 0;
        for (int change = 0; ; change++) {
            CrashDisk again = cut.copy();
            CuttingPort port = new CuttingPort(again, change);
            try {
                REPLACED.recover(port);
            } catch (PowerCut expected) {
                // The port tells.
            }
            if (!port.hasCut()) {
                break;
            }
            CrashDisk killed = again.afterKill();
            if (isFile(killed, ROOT.resolve(".ota/txn/u0/plan.back"))) {
                begun++;
                DEVICE.recover(killed);
            } else {
                REPLACED.recover(killed);
            }
            isBackAndTheUpdateCanComeAgain(killed);
        }
        assertThat(begun).isGreaterThan(2);
    }

    @Test
    void wayBackThatHadBegunWithItIsFollowedWithoutIt() throws IOException {
        CrashDisk begun = disk.copy();
        FilePort failing = new InterceptingPort(begun) {
            @Override
            void around(Operation operation, Call call) throws IOException {
                if (operation.changes() && operation.path().equals(ROOT.resolve(".ota/txn/u0/new/0"))) {
                    throw new IOException("the disk fails");
                }
                if (isFile(begun, ROOT.resolve(".ota/txn/u0/plan.back"))) {
                    throw new PowerCut("on the way back");
                }
                call.run();
            }
        };
        assertThatThrownBy(() -> DEVICE.update("u", UPDATE.manifest()).on(failing))
                .isInstanceOf(PowerCut.class);
        CrashDisk killed = begun.afterKill().unmount(SD).bind(OTHER, SD);

        REPLACED.recover(killed);

        isBackAndTheUpdateCanComeAgain(killed);
    }

    @Test
    void filesFollowFirmwareFromWhichThereIsNoWayBack() throws IOException {
        Device flashing =
                new Device(port -> InstallationOptions.defaults().withFirmware(new UpdateScenarios.BlindWriter(port)));
        Device replaced =
                new Device(port -> REPLACED.options().apply(port).withFirmware(new UpdateScenarios.BlindWriter(port)));
        int change = 0;
        while (!isFile(cutAt(change, flashing, UPDATE.firmware("image")), STARTED)) {
            change++;
        }
        CrashDisk cut = cutAt(change, flashing, UPDATE.firmware("image"));

        try (Installation installation = replaced.open(cut, "r")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.FINISHED);
            assertThat(installation.verify())
                    .extracting(Difference::path)
                    .allMatch(path -> path.value().startsWith("sd/"));
        }

        assertThat(cut.text(ROOT.resolve("main"))).isEqualTo("new");
        assertThat(cut.text(FLASHED)).isEqualTo("image");
        assertThat(cut.text(OTHER.resolve("a"))).isEqualTo("of another");
    }

    @Test
    void statusNamesItBeforeItIsInAListOfInstalledFiles() throws IOException {
        CrashDisk cut = cutAt(afterTheCommitPoint().min().orElseThrow());

        InstallationStatus status = StatusReader.read(new Tree(new Disk(cut), ROOT), VersionFile.DEFAULT);

        assertThat(status.stores())
                .extracting(InstallationStatus.Store::mount, InstallationStatus.Store::presence)
                .containsExactly(tuple(new DevicePath("sd"), InstallationStatus.Presence.MISSING));
    }

    @Test
    void cardThatGoesWhileAHookPreparesKeepsTheUpdateFromBeingCommitted() throws IOException {
        CrashDisk going = disk.copy();
        List<String> calls = new ArrayList<>();
        FakeHook hook = new FakeHook("ejects", calls).doing(HookEvent.BEFORE_APPLY, () -> going.unmount(SD));
        Device ejecting = new Device(port -> InstallationOptions.defaults().withHook(hook));

        assertThatThrownBy(() -> ejecting.update("u", UPDATE.manifest()).on(going))
                .isInstanceOf(MissingStoreException.class);

        assertThat(calls).last().asString().startsWith("ejects undo");
        assertThat(going.text(ROOT.resolve("main"))).isEqualTo("old");
        assertThat(going.list(SD)).isEmpty();
        going.bind(CARD, SD);
        try (Installation installation = DEVICE.open(going, "v")) {
            assertThat(installation.recovery()).isEqualTo(Recovery.NOTHING_TO_DO);
            Device.install(installation, UPDATE.manifest());
        }
        assertThat(going.text(SD.resolve("a"))).isEqualTo("new");
        assertThat(going.list(SD.resolve(".ota/txn"))).hasSize(1);
    }
}
