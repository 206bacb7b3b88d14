package io.overair.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a shell script in the place of {@code nmcli}, which notes what it is told and answers as documented. */
@Timeout(60)
class NmcliLinkTest {
    private static final WifiNetwork VEHICLE = WifiNetwork.withPassword("vehicle", "correct horse");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void aNetworkInReachIsInSight() throws IOException {
        NmcliLink link = nmcli(
                "*'device wifi list'*) printf 'no:%s\\nno:%s\\nno:\\n' ;;".formatted(hex("home"), hex("vehicle")));

        assertThat(link.inSight("vehicle")).isTrue();
        assertThat(link.inSight("vehicl")).isFalse();
        assertThat(calls().get(0)).isEqualTo("-t -e yes -f ACTIVE,SSID-HEX device wifi list ifname wlan0 --rescan yes");
    }

    @Test
    void theNetworkInUseIsTheActiveOne() throws IOException {
        assertThat(nmcli("*'wifi list'*) printf 'no:%s\\nyes:%s\\n' ;;".formatted(hex("vehicle"), hex("café: 2")))
                        .current())
                .contains("café: 2");
        assertThat(nmcli("*'wifi list'*) printf 'no:%s\\n' ;;".formatted(hex("vehicle")))
                        .current())
                .isEmpty();
        assertThat(nmcli("*'wifi list'*) printf 'yes:--\\n' ;;").current()).isEmpty();
        assertThat(nmcli("*'wifi list'*) ;;").current()).isEmpty();
    }

    /** Names are anybody's choice. Shown as text, this one would be a row of its own. */
    @Test
    void aNameCannotPretendToBeAnotherNetwork() throws IOException {
        NmcliLink link = nmcli("*'wifi list'*) printf 'no:%s\\n' ;;".formatted(hex("x\nyes:vehicle")));

        assertThat(link.inSight("vehicle")).isFalse();
        assertThat(link.current()).isEmpty();
    }

    @Test
    void whatAKilledProgramJoinedIsNoNetworkToStayOn() throws IOException {
        NmcliLink link = nmcli("""
                *'connection show --active'*) printf '1-ours:802-11-wireless:wlan0:overair-update\\n' ;;
                *'wifi list'*) printf 'yes:%s\\n' ;;
                *) ;;
                """.formatted(hex("vehicle")));

        assertThat(link.current()).isEmpty();
        link.join(VEHICLE, MINUTE).close();

        assertThat(calls()).last().isEqualTo("connection delete id overair-update");
        assertThat(calls()).noneMatch(call -> call.contains("up uuid"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no:vehicle|vehicle",
                "no:a\\:b|a:b",
                "no:a\\\\b|a\\b",
                "no:\\:\\\\\\:|:\\:",
                "no:café|café",
                "no: two  words |` two  words `"
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void namesAreUnescaped(String line, String ssid) {
        assertThat(Nmcli.fields(line)).containsExactly("no", ssid);
    }

    @Test
    void joiningWritesNothingToDiskAndTellsThePasswordToNobodyElse() throws IOException {
        NmcliLink link = nmcli(connected());

        link.join(VEHICLE, MINUTE);

        assertThat(calls())
                .containsExactly(
                        "-t -e yes -f UUID,TYPE,DEVICE,NAME connection show --active",
                        "connection delete id overair-update",
                        "connection add save no type wifi con-name overair-update ifname wlan0 autoconnect no"
                                + " ssid vehicle wifi-sec.key-mgmt wpa-psk wifi-sec.psk-flags 2",
                        "--wait 60 connection up id overair-update passwd-file /dev/stdin");
        assertThat(Files.readString(folder.resolve("stdin"))).isEqualTo("802-11-wireless-security.psk:correct horse\n");
        assertThat(calls()).noneMatch(call -> call.contains("horse"));
        assertThat(Files.readString(folder.resolve("environment")))
                .doesNotContain("horse")
                .contains("LC_ALL=C.UTF-8");
    }

    @Test
    void aPasswordIsWrittenAsNetworkManagerReadsIt() throws IOException {
        NmcliLink link = nmcli(connected());

        link.join(WifiNetwork.withPassword("vehicle", " back\\slash "), MINUTE);

        assertThat(Files.readString(folder.resolve("stdin")))
                .isEqualTo("802-11-wireless-security.psk:\\040back\\\\slash\\040\n");
    }

    @Test
    void anOpenNetworkNeedsNoPassword() throws IOException {
        NmcliLink link = nmcli(connected());

        link.join(WifiNetwork.open("vehicle"), MINUTE);

        assertThat(calls().get(2)).endsWith("ssid vehicle");
        assertThat(calls().get(3)).endsWith("connection up id overair-update");
    }

    @Test
    void leavingGivesBackTheNetworkThatWasThere() throws IOException {
        Closeable joined = nmcli(connected()).join(VEHICLE, MINUTE);
        int before = calls().size();

        joined.close();

        assertThat(calls().subList(before, calls().size()))
                .containsExactly("connection delete id overair-update", "connection up uuid 1234-home");
    }

    @Test
    void leavingWorksForAThreadThatIsInterrupted() throws IOException {
        Closeable joined = nmcli(connected()).join(VEHICLE, MINUTE);
        int before = calls().size();

        Thread.currentThread().interrupt();
        joined.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(calls()).hasSize(before + 2);
    }

    @Test
    void aNetworkThatDoesNotLetUsInIsAnErrorAndTheOldOneIsGivenBack() throws IOException {
        NmcliLink link = nmcli("""
                *'up id overair-update'*) echo 'Error: Connection activation failed: Secrets were required, but not provided.' >&2; exit 4 ;;
                """ + connected());

        assertThatThrownBy(() -> link.join(VEHICLE, MINUTE))
                .isInstanceOf(IOException.class)
                .hasMessage("nmcli connection up: Error: Connection activation failed: Secrets were required, but not"
                        + " provided. (status 4)")
                .hasMessageNotContaining("horse");
        assertThat(calls()).last().isEqualTo("connection up uuid 1234-home");
    }

    @Test
    void whatAKilledProgramLeftIsRemovedAndItsAbsenceIsNoError() throws IOException {
        NmcliLink link = nmcli("*'delete id'*) echo 'Error: unknown connection' >&2; exit 10 ;;\n" + connected());

        link.join(VEHICLE, MINUTE).close();

        assertThat(calls()).last().isEqualTo("connection up uuid 1234-home");
    }

    @Test
    void aSecondFailureDoesNotHideTheFirst() throws IOException {
        NmcliLink link = nmcli("*'connection up'*) exit 4 ;;\n" + connected());

        assertThatThrownBy(() -> link.join(VEHICLE, MINUTE))
                .hasMessageContaining("status 4")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }

    @Test
    void aProgramThatHangsIsEnded() throws IOException {
        Nmcli nmcli = new Nmcli(script("*) exec sleep 600 ;;").toString());

        assertThatThrownBy(() -> nmcli.run(Duration.ofMillis(200), "", List.of("connection", "up", "id", "x")))
                .isInstanceOf(IOException.class)
                .hasMessage("nmcli connection up: not done within PT0.2S");
    }

    @Test
    void anInterruptEndsTheWait() throws IOException {
        Nmcli nmcli = new Nmcli(script("*) exec sleep 600 ;;").toString());

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> nmcli.run(MINUTE, "", List.of("device"))).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aMachineWithoutNetworkManagerIsAClearError() {
        NmcliLink link = NmcliLink.with(folder.resolve("none"), "wlan0");

        assertThatThrownBy(link::current).isInstanceOf(IOException.class).hasMessageContaining("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123456789012345678901234567890123", "a\nb", "a\0b", "éééééééééééééééééé"})
    void aNameNoNetworkCanHaveIsRefused(String ssid) {
        assertThatThrownBy(() -> WifiNetwork.open(ssid)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A line feed would end the line in which the password is told, and begin another. */
    @ParameterizedTest
    @ValueSource(strings = {"", "seven77", "with\nline feed", "with\rreturn", "umlaut ä!"})
    void aPassphraseNoNetworkCanHaveIsRefusedWithoutBeingRepeated(String password) {
        assertThatThrownBy(() -> WifiNetwork.withPassword("vehicle", password))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a passphrase has 8 to 63 printable ASCII characters");
    }

    @Test
    void theTextOfANetworkLeavesThePasswordOut() {
        assertThat(VEHICLE).hasToString("vehicle (with a password)");
    }

    private static String hex(String ssid) {
        return HexFormat.of().withUpperCase().formatHex(ssid.getBytes(UTF_8));
    }

    /** The device is on its home network and may join another. */
    private static String connected() {
        return """
                *'connection show --active'*) printf '9:802-3-ethernet:eth0:cable\\n1234-home:802-11-wireless:wlan0:Home\\\\:net\\n' ;;
                *) ;;
                """;
    }

    private NmcliLink nmcli(String answers) throws IOException {
        return NmcliLink.with(script(answers), "wlan0");
    }

    private Path script(String answers) throws IOException {
        Path script = folder.resolve("nmcli");
        Files.writeString(script, """
                #!/bin/sh
                cd '%s'
                echo "$*" >> calls
                env > environment
                case "$*" in *passwd-file*) cat /dev/stdin > stdin ;; esac
                case "$*" in
                %s
                esac
                """.formatted(folder, answers));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }
}
