package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The log tells what happened as far as it can, and never stands in the way. */
class EventLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1234), ZoneOffset.UTC);
    private static final Path LOG = Device.ROOT.resolve(".ota/log");
    private static final Path OLDER = Device.ROOT.resolve(".ota/log.1");

    private final CrashDisk disk = new CrashDisk().with(Device.ROOT, Map.of(".ota/", ""));

    private EventLog log(FilePort port) {
        return new EventLog(StateFolder.below(new Disk(port), Device.ROOT), CLOCK);
    }

    @Test
    void eventIsALineThatCountsOnAcrossRestarts() throws IOException {
        log(disk).add("commit", "txn", "u0", "cause", "a b\nc=d");
        log(disk).add("updated");

        assertThat(log(disk).read()).containsExactly("1 1234 commit txn=u0 cause=a%20b%0Ac=d", "2 1234 updated");
    }

    @Test
    void eventIsOnTheDiskAtOnce() throws IOException {
        disk.with(Device.ROOT, Map.of(".ota/log", ""));
        log(disk).add("commit");

        for (PowerLoss loss : disk.powerLosses()) {
            assertThat(log(disk.after(loss)).read()).containsExactly("1 1234 commit");
        }
    }

    @Test
    void lineTornByACutIsNoEvent() throws IOException {
        log(disk).add("commit", "txn", "u0");
        String whole = disk.text(LOG);
        for (int length = 0; length < whole.length(); length++) {
            CrashDisk torn = new CrashDisk().with(Device.ROOT, Map.of(".ota/log", whole + whole.substring(0, length)));

            assertThat(log(torn).read()).as("%d bytes", length).first().isEqualTo("1 1234 commit txn=u0");
            log(torn).add("next");

            List<String> events = log(torn).read();
            // A line that lacks nothing but its own end may count.
            assertThat(events).as("%d bytes", length).hasSizeBetween(2, length >= whole.length() - 1 ? 3 : 2);
            assertThat(events).last().asString().endsWith(" 1234 next");
        }
    }

    @Test
    void logIsBounded() throws IOException {
        EventLog log = log(disk);
        for (int i = 0; i < 200; i++) {
            log.add("event", "text", "x".repeat(10_000));
        }

        assertThat(disk.status(LOG).size() + disk.status(OLDER).size()).isLessThan(600_000);
        List<String> events = log.read();
        assertThat(events).hasSizeGreaterThan(25).last().asString().startsWith("200 ");
        for (int i = 1; i < events.size(); i++) {
            assertThat(number(events.get(i))).isEqualTo(number(events.get(i - 1)) + 1);
        }
    }

    private static int number(String event) {
        return Integer.parseInt(event.substring(0, event.indexOf(' ')));
    }

    @Test
    void logThatCannotBeWrittenIsGoneWithout() throws IOException {
        for (Fault fault : Fault.values()) {
            FaultyPort port = FaultyPort.forEver(disk, fault, 1, operation -> true);

            log(port).add("commit");

            assertThat(port.hasStruck()).isTrue();
        }
        assertThat(log(disk).read()).isEmpty();
    }

    @Test
    void whatIsNoLogIsLeftAlone() throws IOException {
        CrashDisk spoilt =
                new CrashDisk().with(Device.ROOT, Map.of(".ota/log", "\u0000binary\n9999999999999999999999 1 x\n\n"));

        log(spoilt).add("next");

        assertThat(new String(spoilt.text(LOG).getBytes(US_ASCII), US_ASCII))
                .contains("binary")
                .contains(" 1234 next\n");
    }
}
