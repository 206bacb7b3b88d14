package io.overair.client.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The Wi-Fi of a Linux device through NetworkManager's command {@code nmcli}, 1.16 or newer.
 *
 * <p>Joins by a profile of its own that is never written to disk, and deletes it on leaving. The password reaches
 * {@code nmcli} on its standard input, where no list of processes shows it. The user must be one whom NetworkManager lets
 * change connections.
 *
 * <p>If the program is killed while it has joined, the device stays on that network until it loses it, is restarted, or joins
 * again for an update: the profile never connects by itself, so NetworkManager then goes back to those of the device. What
 * was left is never taken for a network that the device is on by its own choice.
 *
 * <p>Tested with a stand-in for {@code nmcli} that answers as its documentation and source say; no radio was used.
 */
public final class NmcliLink implements NetworkLink {
    /** The name of the profile. A fixed one, so that what a killed program left is found. */
    private static final String PROFILE = "overair-update";

    private static final String WIFI = "802-11-wireless";

    /** Longest wait for anything but joining: looking for networks takes the radio some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Nmcli nmcli;
    private final String device;

    private NmcliLink(Nmcli nmcli, String device) {
        this.nmcli = nmcli;
        this.device = device;
    }

    /** The link of whichever Wi-Fi device NetworkManager chooses. */
    public static NmcliLink onAnyDevice() {
        return new NmcliLink(new Nmcli("nmcli"), "*");
    }

    /** The link of one Wi-Fi device, such as {@code wlan0}. */
    public static NmcliLink on(String device) {
        return new NmcliLink(new Nmcli("nmcli"), device);
    }

    /** With another program in the place of {@code nmcli}. */
    static NmcliLink with(Path program, String device) {
        return new NmcliLink(new Nmcli(program.toString()), device);
    }

    @Override
    public boolean inSight(String ssid) throws IOException {
        String hex = HexFormat.of().formatHex(ssid.getBytes(StandardCharsets.UTF_8));
        return networks("yes").stream().anyMatch(network -> network.ssidHex.equalsIgnoreCase(hex));
    }

    @Override
    public Optional<String> current() throws IOException {
        if (activeProfiles().stream().anyMatch(Profile::isOurs)) {
            return Optional.empty(); // what a killed program joined is there to be left
        }
        return networks("no").stream()
                .filter(Network::active)
                .flatMap(network -> network.ssid().stream())
                .findFirst();
    }

    @Override
    public Closeable join(WifiNetwork network, Duration deadline) throws IOException {
        Optional<String> before = activeProfiles().stream()
                .filter(profile -> !profile.isOurs())
                .map(Profile::uuid)
                .findFirst();
        deleteLeftover();
        try {
            addProfile(network);
            activate(network, deadline);
        } catch (IOException e) {
            try {
                giveBack(before);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        return () -> giveBack(before);
    }

    private List<Network> networks(String rescan) throws IOException {
        List<String> command = new ArrayList<>(List.of("-f", "ACTIVE,SSID-HEX", "device", "wifi", "list"));
        if (!device.equals("*")) {
            command.addAll(List.of("ifname", device));
        }
        command.addAll(List.of("--rescan", rescan));
        return nmcli.table(PATIENCE, command).stream()
                .filter(row -> row.size() == 2)
                .map(row -> new Network(row.get(0).equals("yes"), row.get(1)))
                .toList();
    }

    /** The Wi-Fi profiles in use. */
    private List<Profile> activeProfiles() throws IOException {
        return nmcli.table(PATIENCE, List.of("-f", "UUID,TYPE,DEVICE,NAME", "connection", "show", "--active")).stream()
                .filter(row -> row.size() == 4 && row.get(1).equals(WIFI))
                .filter(row -> device.equals("*") || row.get(2).equals(device))
                .map(row -> new Profile(row.get(0), row.get(3)))
                .toList();
    }

    private void deleteLeftover() throws IOException {
        try {
            deleteProfile();
        } catch (NmcliException e) {
            if (e.status() != NmcliException.NOTHING_SUCH) {
                throw e;
            }
        }
    }

    private void addProfile(WifiNetwork network) throws IOException {
        List<String> command = new ArrayList<>(List.of("connection", "add", "save", "no", "type", "wifi"));
        command.addAll(List.of("con-name", PROFILE, "ifname", device, "autoconnect", "no", "ssid", network.ssid()));
        if (network.password().isPresent()) {
            // Flag 2: the password is in no profile, so NetworkManager asks whoever activates it.
            command.addAll(List.of("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.psk-flags", "2"));
        }
        nmcli.run(PATIENCE, "", command);
    }

    private void activate(WifiNetwork network, Duration deadline) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("--wait", Long.toString(Math.max(1, deadline.toSeconds()))));
        command.addAll(List.of("connection", "up", "id", PROFILE));
        String input = "";
        if (network.password().isPresent()) {
            command.addAll(List.of("passwd-file", "/dev/stdin"));
            input = "802-11-wireless-security.psk:" + escaped(network.password().get()) + "\n";
        }
        // It should give up by itself; a little later it is made to.
        nmcli.run(deadline.plusSeconds(5), input, command);
    }

    /** Runs to its end even if the thread is interrupted: a device left on a foreign network is lost to its owner. */
    private void giveBack(Optional<String> before) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            leaveFor(before);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void leaveFor(Optional<String> before) throws IOException {
        IOException failure = null;
        try {
            deleteLeftover();
        } catch (IOException e) {
            failure = e;
        }
        if (before.isPresent()) {
            try {
                nmcli.run(PATIENCE, "", List.of("connection", "up", "uuid", before.get()));
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                throw e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void deleteProfile() throws IOException {
        nmcli.run(PATIENCE, "", List.of("connection", "delete", "id", PROFILE));
    }

    /** As NetworkManager reads it: backslashes begin an escape, and blanks at either end are dropped unless escaped. */
    private static String escaped(String password) {
        String text = password.replace("\\", "\\\\");
        if (text.startsWith(" ")) {
            text = "\\040" + text.substring(1);
        }
        return text.endsWith(" ") ? text.substring(0, text.length() - 1) + "\\040" : text;
    }

    /** In hexadecimal, since a name may hold anything, also what ends a row and looks like another one. */
    private record Network(boolean active, String ssidHex) {
        /** Empty for a network that hides its name. */
        Optional<String> ssid() {
            return ssidHex.matches("(?:[0-9A-Fa-f]{2})+")
                    ? Optional.of(new String(HexFormat.of().parseHex(ssidHex), StandardCharsets.UTF_8))
                    : Optional.empty();
        }
    }

    private record Profile(String uuid, String name) {
        boolean isOurs() {
            return name.equals(PROFILE);
        }
    }
}
