package io.overair.examples.meter;

import io.overair.client.Ota;
import io.overair.client.UpdateEvent;
import io.overair.client.UpdateOutcome;
import io.overair.client.http.NetworkLink;
import io.overair.client.http.NmcliLink;
import io.overair.client.http.WiFiOta;
import io.overair.client.http.WifiNetwork;
import io.overair.install.Installation;
import io.overair.install.InstallationOptions;
import io.overair.install.Report;
import io.overair.install.Start;
import io.overair.install.Trial;
import io.overair.install.TrialStatus;
import io.overair.manifest.TargetFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The smart meter of the Pycom OTA example. It sends readings over LoRaWAN. When the network answers {@code 01 02 03}, it
 * joins the Wi-Fi of the vehicle that has come by, updates itself from the server in it, leaves, restarts into the new
 * version and goes on sending. A new version is on trial until it has sent a reading; one that does not is taken back.
 *
 * <p>LoRaWAN is always simulated. So are Wi-Fi and vehicle, unless a real network is named.
 */
@Command(
        name = "smart-meter",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "A meter that is told over LoRaWAN to update itself over the Wi-Fi of a vehicle.",
            "A new version that sends nothing is taken back. All is simulated, unless a real network is named."
        })
public final class SmartMeter implements Callable<Integer> {
    private static final String UPDATE_NOW = "01 02 03";
    private static final int ENERGY_BETWEEN_READINGS_WH = 7;
    private static final InstallationOptions ON_TRIAL =
            InstallationOptions.defaults().withTrial(Trial.of(2, Duration.ofHours(1)));
    private static final WifiNetwork VEHICLE = WifiNetwork.withPassword("vehicle-ota", "drive past me");

    /** A network that is really there. */
    private static final class RealNetwork {
        @Option(names = "--nmcli", paramLabel = "SSID", required = true, description = "Join this network with nmcli.")
        private String ssid = "";

        @Option(names = "--server", paramLabel = "URL", required = true, description = "The update server on it.")
        private String server = "";

        @Option(names = "--password-file", paramLabel = "FILE", description = "A file with the password in one line.")
        private @Nullable Path passwordFile;

        WifiNetwork network() throws IOException {
            return passwordFile == null
                    ? WifiNetwork.open(ssid)
                    : WifiNetwork.withPassword(ssid, passwordIn(passwordFile));
        }
    }

    @ArgGroup(exclusive = false)
    private @Nullable RealNetwork real;

    private final Story story;

    private boolean updated;

    /** What the meter has counted; no update takes that away. */
    private int energyWh = 12_345;

    SmartMeter(PrintStream out) {
        this.story = new Story(out);
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new SmartMeter(System.out))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr().println("error: " + problem.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args));
    }

    /** What {@code file} holds but for the end of its line: a password may begin and end with blanks. */
    static String passwordIn(Path file) throws IOException {
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (NoSuchFileException e) {
            throw new IOException("there is no password file " + file, e);
        } catch (IOException e) {
            throw new IOException("the password file %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Ends with 0 if the meter could be updated. */
    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("smart-meter");
        try {
            return live(folder) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } finally {
            delete(folder);
        }
    }

    private boolean live(Path folder) throws IOException {
        Path device = folder.resolve("meter");
        Vehicle.write(device, MeterProgram.SETTINGS, "send=energy\n");
        Vehicle.write(device, "flash/boot.txt", "the first release\n");
        Vehicle.write(device, "flash/OTA_VERSION.py", "VERSION = '1.0.0'\n");
        if (real != null) {
            return live(device, NmcliLink.onAnyDevice(), real.network(), real.server);
        }
        try (Vehicle vehicle = Vehicle.withReleasesIn(folder.resolve("vehicle"));
                Vehicle other = Vehicle.withABrokenReleaseIn(folder.resolve("other"))) {
            story.tell("vehicle", "serves 1.0.0 and 1.0.1 at " + vehicle.url());
            SimulatedWifi wifi = new SimulatedWifi(VEHICLE, story);
            boolean good = live(device, wifi, VEHICLE, vehicle.url());
            story.tell("vehicle", "another one serves 1.0.2, which does not start, at " + other.url());
            return good && live(device, wifi, VEHICLE, other.url());
        }
    }

    /** Part of its life, in which a vehicle comes by; tells whether there was an update. */
    private boolean live(Path device, NetworkLink wifi, WifiNetwork network, String server) throws IOException {
        updated = false;
        SimulatedLoRaWan radio = new SimulatedLoRaWan(story);
        DownlinkTrigger trigger = new DownlinkTrigger(UPDATE_NOW, () -> update(device, wifi, network, server));

        MeterProgram program = start(device);
        send(program, device, radio, trigger);

        story.tell("vehicle", "comes by");
        radio.queue(UPDATE_NOW);
        send(program, device, radio, trigger);

        if (updated) {
            story.tell("meter", "restarts");
            program = start(device);
        }
        send(program, device, radio, trigger);
        return updated;
    }

    /** As often as it takes: a watchdog starts a meter anew that does not come up. */
    private MeterProgram start(Path device) throws IOException {
        while (true) {
            boolean last = countStart(device) != Start.ON_TRIAL;
            try {
                MeterProgram program = MeterProgram.start(device);
                story.tell("meter", "runs %s, sends %s".formatted(version(device), program.values()));
                return program;
            } catch (IOException e) {
                if (last) {
                    throw e;
                }
                story.tell("meter", "%s does not start".formatted(version(device)));
            }
        }
    }

    /** What no update replaces: here it stands in for the guard. */
    private Start countStart(Path device) throws IOException {
        try (Installation installation = Installation.open(device, ON_TRIAL)) {
            Start start = installation.countStart();
            if (start == Start.ROLLED_BACK) {
                Report report = installation.status().lastChange();
                story.tell(
                        "guard",
                        "took back %s: %s"
                                .formatted(
                                        report.release().orElseThrow(),
                                        report.reason().orElseThrow()));
            }
            return start;
        }
    }

    /** Sends a reading, and does what the network wants. What fails is tried at the next command. */
    private void send(MeterProgram program, Path device, LoRaWan radio, DownlinkTrigger trigger) throws IOException {
        Optional<byte[]> downlink = radio.send(program.read(energyWh += ENERGY_BETWEEN_READINGS_WH));
        confirm(device);
        if (downlink.isPresent()) {
            try {
                trigger.received(downlink.get());
            } catch (IOException e) {
                story.tell("meter", "could not update itself: " + e.getMessage());
            }
        }
    }

    /** A release that has sent a reading is a good one. */
    private void confirm(Path device) throws IOException {
        Optional<TrialStatus> trial = Installation.statusOf(device).trial();
        if (trial.isPresent()) {
            try (Installation installation = Installation.open(device, ON_TRIAL)) {
                installation.confirm(trial.get().release());
            }
            story.tell("meter", "confirms " + trial.get().release() + ", which has sent a reading");
        }
    }

    private static String version(Path device) throws IOException {
        return Installation.statusOf(device).version().map(Object::toString).orElse("an unknown version");
    }

    private void update(Path device, NetworkLink wifi, WifiNetwork network, String server) throws IOException {
        try (Installation installation = Installation.open(device, ON_TRIAL)) {
            UpdateOutcome outcome = WiFiOta.builder(wifi, network, server, installation)
                    .ota(this::telling)
                    .build()
                    .update();
            updated = outcome instanceof UpdateOutcome.Updated;
            if (!updated) {
                story.tell("meter", "is up to date");
            }
        }
    }

    private Ota.Builder telling(Ota.Builder ota) {
        return ota.listener(event -> {
            if (event instanceof UpdateEvent.Offered offered) {
                story.tell("server", "offers " + offered.manifest().version());
            } else if (event instanceof UpdateEvent.Staged staged && staged.target() instanceof TargetFile file) {
                story.tell("meter", "fetched " + file.path());
            } else if (event instanceof UpdateEvent.Retrying retrying) {
                story.tell("meter", "tries again: " + retrying.cause().getMessage());
            } else if (event instanceof UpdateEvent.Committed committed) {
                story.tell("meter", "installed " + committed.outcome().to());
            }
        });
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
