package io.overair.client.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Wi-Fi of a Linux device through NetworkManager's command {@code nmcli}, 1.16 or newer.
 *
 * <p>Joins by a profile of its own that is never written to disk, and deletes it on leaving. The password reaches
 * {@code nmcli} on its standard input, where no list of processes shows it. The user must be one whom NetworkManager lets
 * change connections.
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
        return networks("yes").stream().anyMatch(network -> network.ssid.equals(ssid));
    }

    @Override
    public Optional<String> current() throws IOException {
        return networks("no").stream()
                .filter(Network::active)
                .map(Network::ssid)
                .findFirst();
    }

    @Override
    public Closeable join(WifiNetwork network, Duration deadline) throws IOException {
        Optional<String> before = activeProfile();
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
        List<String> command = new ArrayList<>(List.of("-f", "ACTIVE,SSID", "device", "wifi", "list"));
        if (!device.equals("*")) {
            command.addAll(List.of("ifname", device));
        }
        command.addAll(List.of("--rescan", rescan));
        return nmcli.table(PATIENCE, command).stream()
                .filter(row -> row.size() == 2)
                .map(row -> new Network(row.get(0).equals("yes"), row.get(1)))
                .toList();
    }

    /** The id of the Wi-Fi profile in use. */
    private Optional<String> activeProfile() throws IOException {
        return nmcli.table(PATIENCE, List.of("-f", "UUID,TYPE,DEVICE,NAME", "connection", "show", "--active")).stream()
                .filter(row -> row.size() == 4 && row.get(1).equals(WIFI))
                .filter(row -> device.equals("*") || row.get(2).equals(device))
                .filter(row -> !row.get(3).equals(PROFILE))
                .map(row -> row.get(0))
                .findFirst();
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

    private record Network(boolean active, String ssid) {}
}
