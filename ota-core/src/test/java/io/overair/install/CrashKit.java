package io.overair.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.overair.crashkit.CrashReport;
import io.overair.crashkit.CrashTest;
import io.overair.crashkit.SimulatedDisk;
import io.overair.crashkit.SimulatedRelease;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** How {@link CrashTest} reaches what is hidden in this package. Not for anybody else. */
public final class CrashKit {
    private CrashKit() {}

    /** Opens the installation at {@link CrashTest#DEVICE}, updates it, closes it. */
    public static void update(
            SimulatedDisk disk, Function<SimulatedDisk, InstallationOptions> options, SimulatedRelease release)
            throws IOException {
        Device.Offer offer = Device.offer(release.version());
        for (Map.Entry<String, String> file : new TreeMap<>(release.files()).entrySet()) {
            offer = offer.file(file.getKey(), file.getValue());
        }
        for (String path : release.removed()) {
            offer = offer.without(path);
        }
        if (release.firmware().isPresent()) {
            offer = offer.firmware(release.firmware().get());
        }
        device(options).update("u", offer.manifest()).on(port(disk));
    }

    /** Opens the installation, rolls it back, closes it. */
    public static void rollBack(SimulatedDisk disk, Function<SimulatedDisk, InstallationOptions> options)
            throws IOException {
        device(options).rollBack("b").on(port(disk));
    }

    /** Opens and closes the installation. */
    public static void recover(SimulatedDisk disk, Function<SimulatedDisk, InstallationOptions> options)
            throws IOException {
        device(options).recover(port(disk));
    }

    private static Device device(Function<SimulatedDisk, InstallationOptions> options) {
        return new Device(port -> options.apply(new PortDisk(port)));
    }

    private static FilePort port(SimulatedDisk disk) {
        return ((PortDisk) disk).port();
    }

    /** What a test is about. */
    public record Subject(
            String name,
            Map<String, String> files,
            Optional<CrashTest.Code> preparation,
            CrashTest.Code change,
            CrashTest.Code recovery,
            CrashTest.View view,
            Optional<Class<? extends IOException>> refusal) {
        public Subject withFiles(Map<String, String> others) {
            return new Subject(name, Map.copyOf(others), preparation, change, recovery, view, refusal);
        }

        public Subject withView(CrashTest.View other) {
            return new Subject(name, files, preparation, change, recovery, other, refusal);
        }

        public Subject withRefusal(Class<? extends IOException> other) {
            return new Subject(name, files, preparation, change, recovery, view, Optional.of(other));
        }

        /** Every cut, and after it so many more of the recovery. */
        public CrashReport cut(int cuts) {
            return CrashExplorer.explore(scenario(), cuts);
        }

        /** Every fault at every operation, once. */
        public CrashReport fault() {
            return FaultExplorer.explore(scenario(), FaultExplorer.Then.LIFTED, EnumSet.of(FaultExplorer.Lasting.ONCE));
        }

        private Scenario scenario() {
            Map<String, String> tree = new LinkedHashMap<>();
            files.forEach((path, content) -> tree.put(path.substring(1), content));
            CrashDisk empty = new CrashDisk().with(CrashDisk.ROOT, tree).with(CrashTest.DEVICE, Map.of());
            CrashDisk before =
                    preparation.map(code -> Device.after(empty, run(code))).orElse(empty);
            Object old = seen(before, view);
            if (refusal.isPresent()) {
                Scenario.Run refused = Scenario.refused(run(change), refusal.get());
                return Scenario.of(
                                name,
                                before,
                                refused,
                                run(recovery),
                                disk -> seen(disk, view).equals(old) ? Verdict.OLD : Verdict.TORN)
                        .endingIn(Verdict.OLD);
            }
            Object renewed = seen(Device.after(before, run(change)), view);
            if (old.equals(renewed)) {
                throw new IllegalArgumentException("\"" + name + "\" changes nothing that counts");
            }
            return Scenario.of(name, before, run(change), run(recovery), disk -> {
                Object found = seen(disk, view);
                return found.equals(old) ? Verdict.OLD : found.equals(renewed) ? Verdict.NEW : Verdict.TORN;
            });
        }
    }

    private static Scenario.Run run(CrashTest.Code code) {
        return port -> code.on(new PortDisk(port));
    }

    /** What the view tells, or its error, which no view equals. */
    private static Object seen(CrashDisk disk, CrashTest.View view) {
        try {
            return view.of(new PortDisk(disk.copy()));
        } catch (IOException | RuntimeException e) {
            return e;
        }
    }

    private record PortDisk(FilePort port) implements SimulatedDisk {
        @Override
        public boolean exists(Path path) throws IOException {
            return !port.status(path).isAbsent();
        }

        @Override
        public byte[] read(Path file) throws IOException {
            try (InputStream in = port.read(file)) {
                return in.readAllBytes();
            }
        }

        @Override
        public List<String> list(Path folder) throws IOException {
            return port.list(folder);
        }

        @Override
        public void create(Path file, byte[] bytes) throws IOException {
            try (FilePort.Output out = port.create(file)) {
                out.write(bytes, 0, bytes.length);
            }
        }

        @Override
        public void append(Path file, byte[] bytes) throws IOException {
            try (FilePort.Output out = port.append(file)) {
                out.write(bytes, 0, bytes.length);
            }
        }

        @Override
        public void force(Path file) throws IOException {
            try (FilePort.Output out = port.append(file)) {
                out.force();
            }
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            port.forceFolder(folder);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            port.move(from, to);
        }

        @Override
        public void link(Path existing, Path added) throws IOException {
            port.link(existing, added);
        }

        @Override
        public void symlink(Path link, String target) throws IOException {
            port.symlink(link, target);
        }

        @Override
        public void delete(Path file) throws IOException {
            port.unlink(file);
        }

        @Override
        public void makeFolder(Path folder) throws IOException {
            port.makeFolder(folder);
        }

        @Override
        public void deleteFolder(Path folder) throws IOException {
            port.removeFolder(folder);
        }

        @Override
        public SortedMap<String, String> tree(Path folder) throws IOException {
            SortedMap<String, String> tree = new TreeMap<>();
            for (Map.Entry<String, TreeImage.Entry> entry :
                    TreeImage.of(port, folder).entries().entrySet()) {
                String path = entry.getKey();
                switch (entry.getValue().kind()) {
                    case FOLDER -> tree.put(path + "/", "");
                    case LINK -> tree.put(path, "-> " + entry.getValue().target());
                    default ->
                        tree.put(
                                path,
                                new String(entry.getValue().content().open().readAllBytes(), UTF_8));
                }
            }
            return tree;
        }
    }
}
