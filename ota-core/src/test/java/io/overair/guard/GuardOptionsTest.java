package io.overair.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardOptionsTest {
    private static GuardOptions parse(String line) {
        return GuardOptions.parse(List.of(line.split(" ")));
    }

    @Test
    void everythingAfterTheDashesIsTheApplication() {
        GuardOptions options = parse("run --device /opt/meter -- java -jar app.jar --device x");

        assertThat(options.verb()).isEqualTo(GuardOptions.Verb.RUN);
        assertThat(options.device()).isEqualTo(Path.of("/opt/meter"));
        assertThat(options.command()).containsExactly("java", "-jar", "app.jar", "--device", "x");
        assertThat(options.health()).isEmpty();
    }

    @Test
    void checksAndTimesAreRead() {
        GuardOptions options = parse("watch --device d --health-url http://127.0.0.1:8080/ --health-command true"
                + " --interval 250ms --settle 2m --restart reboot");

        assertThat(options.health()).isPresent();
        assertThat(options.interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(options.settle()).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.restart()).containsExactly("reboot");
    }

    @Test
    void firmwareIsSwitchedBackByTheGuardToo() {
        assertThat(parse("start --device d --firmware-dir f").installation().firmware())
                .isPresent();
        assertThat(parse("start --device d --firmware-command flash --firmware-back unflash")
                        .installation()
                        .firmware())
                .isPresent();
    }

    @Test
    void hooksAreThoseOfTheCommandLineSoThatTheGuardCanUndoThem() {
        GuardOptions options = parse("start --device d --hook-before-apply stop --hook-after-apply test"
                + " --hook-undo start --hook-on-rollback start");

        assertThat(options.installation().hooks())
                .singleElement()
                .satisfies(hook -> assertThat(hook.name()).isEqualTo("command-line"));
        assertThat(parse("start --device d").installation().hooks()).isEmpty();
    }

    @Test
    void helpIsAskedForBeforeTheApplicationAlone() {
        assertThat(GuardOptions.askForHelp(List.of("--help"))).isTrue();
        assertThat(GuardOptions.askForHelp(List.of("run", "--help"))).isTrue();
        assertThat(GuardOptions.askForHelp(List.of("run", "--device", "d", "--", "app", "--help")))
                .isFalse();
    }

    /** As a variable that is not set leaves it in a unit. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--device",
                "--firmware-dir",
                "--firmware-command",
                "--hook-undo",
                "--health-command",
                "--health-url",
                "--interval",
                "--restart"
            })
    void emptyValueIsRefused(String option) {
        assertThatThrownBy(() -> GuardOptions.parse(List.of("watch", option, " ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(option + " has an empty value");
    }

    @Test
    void commandWithoutANameIsRefused() {
        assertThatThrownBy(() -> GuardOptions.parse(List.of("run", "--device", "d", "--", "")))
                .hasMessage("the command after -- has no name");
    }

    @ParameterizedTest
    @CsvSource({"90, PT1M30S", "90s, PT1M30S", "5m, PT5M", "2h, PT2H", "1d, PT24H", "20ms, PT0.02S"})
    void timesHaveUnits(String text, Duration duration) {
        assertThat(GuardOptions.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly --device d",
                "start",
                "start --device",
                "start --device d --what x",
                "start --device d -- app",
                "run --device d",
                "run --device d --",
                "start --device d --interval soon",
                "start --device d --health-url ftp://x/",
                "start --device d --firmware-back x"
            })
    void anythingElseIsRefused(String line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(IllegalArgumentException.class);
    }
}
