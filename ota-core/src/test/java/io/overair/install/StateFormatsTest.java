package io.overair.install;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.version.LooseVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the state folder: what an update of this library must still read, and what it must not take for whole. */
class StateFormatsTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final Optional<LooseVersion> ONE = Optional.of(LooseVersion.parse("1.0.0"));
    private static final Optional<LooseVersion> TWO = Optional.of(LooseVersion.parse("1.0.1 beta"));

    /** The text with its END line. */
    private static byte[] sealed(String text) {
        return (text + "END "
                        + Digest.ofContent(Digest.Algorithm.SHA256, text.getBytes(US_ASCII))
                                .hex() + "\n")
                .getBytes(US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }

    @Nested
    class Sealing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "-",
                    "--",
                    "%",
                    "%20",
                    "+",
                    " ",
                    "a b",
                    "\n",
                    "\r\n",
                    "\u0000",
                    "END ",
                    "\nEND 0\n",
                    "é",
                    "ﬀ",
                    "\uD83D\uDE00",
                    "\u2028",
                    "a:b/c=d",
                    "file:x:1:644"
                })
        void anyTextComesBackAsItWas(String value) throws IOException {
            byte[] bytes = new SealedText()
                    .line("A", value, "Z")
                    .line(Optional.of(value))
                    .toBytes();

            List<List<String>> lines = SealedText.parse(bytes);

            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).hasSize(3);
            assertThat(SealedText.decode(lines.get(0).get(1))).isEqualTo(value);
            assertThat(SealedText.optional(lines.get(1).get(0))).contains(value);
        }

        @Test
        void noneIsNotTheTextThatStandsForIt() throws IOException {
            List<List<String>> lines = SealedText.parse(
                    new SealedText().line(Optional.empty(), Optional.of("-")).toBytes());

            assertThat(SealedText.optional(lines.get(0).get(0))).isEmpty();
            assertThat(SealedText.optional(lines.get(0).get(1))).contains("-");
        }

        @Test
        void cutAnywhereItIsNotWhole() throws IOException {
            byte[] whole =
                    new SealedText().line("OTASTATE", "1").line("version", "1").toBytes();
            assertThat(SealedText.parse(whole)).hasSize(2);

            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> SealedText.parse(cut)).isInstanceOf(IOException.class);
            }
        }

        @Test
        void changedAnywhereItIsNotWhole() throws IOException {
            byte[] whole =
                    new SealedText().line("OTASTATE", "1").line("version", "1").toBytes();

            for (int at = 0; at < whole.length; at++) {
                byte[] changed = whole.clone();
                changed[at] ^= 1;
                assertThatThrownBy(() -> SealedText.parse(changed)).isInstanceOf(IOException.class);
            }
        }

        @Test
        void textLongerThanAnyBufferComesBack() throws IOException {
            SealedText text = new SealedText();
            for (int i = 0; i < 2_000; i++) {
                text.line("line", i, "x".repeat(i % 100));
            }

            List<List<String>> lines = SealedText.parse(text.toBytes());

            assertThat(lines).hasSize(2_000);
            assertThat(lines.get(1_999)).containsExactly("line", "1999", "x".repeat(99));
        }

        @Test
        void lineThatWouldNotBeReadIsNotWritten() throws IOException {
            String longest = "x".repeat(SealedLines.LONGEST_LINE);

            assertThat(SealedText.parse(new SealedText().line(longest).toBytes()))
                    .containsExactly(List.of(longest));
            assertThatThrownBy(() -> new SealedText().line(longest + "x").toBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("could not be read back");
        }

        @Test
        void moreThanTheLargestFileThereMayBeIsNotRead() throws IOException {
            byte[] whole = new SealedText().line("OTASTATE", "1").toBytes();
            SealedLines enough = new SealedLines(new ByteArrayInputStream(whole), whole.length);
            SealedLines tooMuch = new SealedLines(new ByteArrayInputStream(whole), whole.length - 1);

            assertThat(enough.next()).containsExactly("OTASTATE", "1");
            assertThat(enough.next()).isEqualTo(SealedLines.END);
            assertThatThrownBy(tooMuch::next)
                    .isInstanceOf(SpoiltException.class)
                    .hasMessage("it has more than %d bytes", whole.length - 1);
        }

        @Test
        void lineWithoutEndIsNotTakenIntoMemory() {
            SealedLines lines = new SealedLines(new ByteArrayInputStream(new byte[1 << 17]));

            assertThatThrownBy(lines::next).isInstanceOf(SpoiltException.class).hasMessage("it has no end line");
        }

        @Test
        void whatComesAfterTheEndMakesItAnotherFile() {
            byte[] whole = sealed("OTASTATE 1\n");

            assertThatThrownBy(() -> SealedText.parse((text(whole) + "version 2\n").getBytes(US_ASCII)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Nested
    class Plans {
        private final Plan plan = new Plan(
                "8c5b5b13",
                ONE,
                TWO,
                new LinkedHashMap<>(Map.of(".", "0f63")),
                List.of(
                        Step.on(path("flash/old.py"), Step.Kind.DEL, file(120), Entry.ABSENT)
                                .withBackup(0),
                        Step.on(
                                path("flash/lib"),
                                Step.Kind.RMDIR,
                                new Entry.Folder(new Attributes(0755, "0:0")),
                                Entry.ABSENT),
                        Step.on(path("flash/ä b"), Step.Kind.MKDIR, Entry.ABSENT, new Entry.Folder(Attributes.NONE)),
                        Step.on(path("flash/main.py"), Step.Kind.PUT, file(300), file(310))
                                .withStaged(1)
                                .withBackup(1),
                        Step.on(path("link"), Step.Kind.LINK, Entry.ABSENT, new Entry.Link("to: a b"))
                                .withStaged(2),
                        new Step(
                                Step.Kind.ACTIVATE,
                                Optional.empty(),
                                new Entry.Slot(new FirmwareSlot("a", Optional.empty())),
                                new Entry.Slot(new FirmwareSlot(
                                        "b:2", Optional.of(new Digest(Digest.Algorithm.SHA256, SHA256)))),
                                java.util.OptionalInt.of(3),
                                java.util.OptionalInt.empty())));

        private final byte[] written = sealed("""
                OTAPLAN 1 8c5b5b13 1.0.0 1.0.1%%20beta 6
                store 0 . 0f63
                0 del flash/old.py file:%1$s:120:644 absent - 0
                1 rmdir flash/lib dir:755:0:0 absent - -
                2 mkdir flash/%%C3%%A4%%20b absent dir:-:- - -
                3 put flash/main.py file:%1$s:300:644 file:%1$s:310:644 1 1
                4 link link absent link:to:%%20a%%20b 2 -
                5 activate - slot:a:- slot:b:2:%1$s 3 -
                """.formatted(SHA256));

        private DevicePath path(String path) {
            return new DevicePath(path);
        }

        private Entry file(long size) {
            return new Entry.File(SHA256, size, 0644);
        }

        @Test
        void isWrittenLikeThis() throws IOException {
            assertThat(text(plan.toText().toBytes())).isEqualTo(text(written));
        }

        @Test
        void isReadFromThis() throws IOException {
            assertThat(Plan.parse(new ByteArrayInputStream(written))).isEqualTo(plan);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "OTAPLAN 2 a - - 0\n",
                    "OTASTATE 1\n",
                    "OTAPLAN 1 a - -\n",
                    "OTAPLAN 1 a - - 1\n",
                    "OTAPLAN 1 a - - 1\n0 fly x absent absent - -\n",
                    "OTAPLAN 1 a - - 1\n0 del ../x absent absent - -\n",
                    "OTAPLAN 1 a - - 1\n0 del .OTA/x absent absent - -\n",
                    "OTAPLAN 1 a - - 1\n0 del x file:1:1:644 absent - -\n",
                    "OTAPLAN 1 a - - 1\n0 del x nothing absent - -\n",
                    "OTAPLAN 1 ../a - - 0\n",
                    "OTAPLAN 1 a - - 0\nstore 0 ../x 0\n",
                    "OTAPLAN 1 a - - 1\n0 put x absent absent one -\n"
                })
        void anythingElseIsNone(String text) {
            assertThatThrownBy(() -> Plan.parse(new ByteArrayInputStream(sealed(text))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Nested
    class States {
        private static final String KNOWN = "OTASTATE 1\noutcome none - -\nreporting done\nway-back-firmware intact\n";

        private final State state = new State(
                TWO,
                ONE,
                new Report(Outcome.ROLLED_BACK, TWO, Optional.of("the pump stood still")),
                State.Reporting.DUE,
                Optional.of("8c5b5b13"),
                State.PreviousFirmware.LOST,
                Layout.slotsKeeping(2),
                Optional.of(new TrialStatus(TWO.orElseThrow(), 3, 2, Duration.ofMinutes(10), 0, 1, Optional.empty())),
                List.of(LooseVersion.parse("0.9")));
        private final byte[] written = sealed("""
                OTASTATE 1
                phase trial
                version 1.0.1%20beta
                previous 1.0.0
                outcome rolled-back 1.0.1%20beta the%20pump%20stood%20still
                reporting due
                way-back 8c5b5b13
                way-back-firmware lost
                layout slots:2
                trial 1.0.1%20beta 3 2 600000 0 1 -
                blocked 0.9
                """);

        @Test
        void isWrittenAndReadLikeThis() throws IOException {
            assertThat(text(state.toBytes())).isEqualTo(text(written));
            assertThat(State.parse(written)).isEqualTo(state);
        }

        @Test
        void oneThatNamesNoLayoutIsOfADeviceInPlace() throws IOException {
            State old = State.parse(sealed(KNOWN));

            assertThat(old.layout()).isEqualTo(Layout.IN_PLACE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", " ", "ä", "\u2028", "\uD83D\uDE00", "x\uD83D\uDE00"})
        void reasonOfAnyLengthIsCutAndComesBack(String repeated) throws IOException {
            String reason = repeated.repeat(100_000);
            State rejected = state.with(state.trial().orElseThrow().rejected(reason));
            State kept = state.kept(reason);

            assertThat(State.parse(rejected.toBytes())).isEqualTo(rejected);
            assertThat(State.parse(kept.toBytes())).isEqualTo(kept);
            assertThat(reason).startsWith(kept.report().reason().orElseThrow());
            assertThat(kept.report().reason().orElseThrow()).hasSizeBetween(Excerpt.LONGEST - 1, Excerpt.LONGEST);
        }

        @Test
        void firstOneComesBackAsItWas() throws IOException {
            assertThat(State.parse(State.FIRST.toBytes())).isEqualTo(State.FIRST);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "OTASTATE 2\n",
                    "OTAPLAN 1\n",
                    "OTASTATE 1\n",
                    "OTASTATE 1\noutcome none - -\n",
                    KNOWN + "way-back ../../x\n",
                    KNOWN + "trial 1 3 two 0 0 1 -\n",
                    KNOWN + "layout heap\n",
                    KNOWN + "layout slots:0\n",
                    KNOWN + "layout slots:many\n"
                })
        void anythingElseIsNone(String text) {
            assertThatThrownBy(() -> State.parse(sealed(text))).isInstanceOf(IOException.class);
        }
    }

    @Nested
    class SlotNotes {
        private final SlotNote note = new SlotNote(
                3,
                new TreeMap<>(Map.of(
                        new DevicePath("flash/main.py"), new Entry.File(SHA256, 310, 0644),
                        new DevicePath("flash/ä"), new Entry.Link("main.py"),
                        new DevicePath("gone"), Entry.ABSENT)));
        private final byte[] written = sealed("""
                OTASLOT 1 3
                flash/main.py file:%s:310:644
                flash/%%C3%%A4 link:main.py
                gone absent
                """.formatted(SHA256));

        @Test
        void isWrittenAndReadLikeThis() throws IOException {
            assertThat(text(note.toText().toBytes())).isEqualTo(text(written));
            assertThat(SlotNote.parse(new ByteArrayInputStream(written))).isEqualTo(note);
        }

        @ParameterizedTest
        @ValueSource(strings = {"OTASLOT 2 1\n", "OTASTATE 1 1\n", "OTASLOT 1\n", "OTASLOT 1 x\n", "OTASLOT 1 1\na\n"})
        void anythingElseIsNone(String text) {
            assertThatThrownBy(() -> SlotNote.parse(new ByteArrayInputStream(sealed(text))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Nested
    class InstalledLists {
        private final InstalledFiles files = new InstalledFiles(new TreeMap<>(Map.of(
                new DevicePath("flash/main.py"), new Entry.File(SHA256, 310, 0644),
                new DevicePath("flash/ä"), new Entry.File(SHA256, 0, Attributes.NO_MODE))));
        private final byte[] written = sealed("""
                OTAINSTALLED 1
                flash/main.py file:%1$s:310:644
                flash/%%C3%%A4 file:%1$s:0:-
                """.formatted(SHA256));

        @Test
        void isWrittenAndReadLikeThis() throws IOException {
            assertThat(text(files.toText().toBytes())).isEqualTo(text(written));
            assertThat(InstalledFiles.parse(new ByteArrayInputStream(written))).isEqualTo(files);
        }

        @Test
        void storesAreWrittenAndReadAsLongAsThereAreFilesOnThem() throws IOException {
            InstalledFiles onCard = new InstalledFiles(new TreeMap<>(Map.of(
                            new DevicePath("my card/a"), new Entry.File(SHA256, 1, 0644),
                            new DevicePath("store"), new Entry.File(SHA256, 1, 0644))))
                    .withStores(Map.of(Plan.ROOT, "0f63", "my card", "8c5b", "other", "5b13"));

            assertThat(text(onCard.toText().toBytes())).isEqualTo(text(sealed("""
                    OTAINSTALLED 1
                    store my%%20card 8c5b
                    my%%20card/a file:%1$s:1:644
                    store file:%1$s:1:644
                    """.formatted(SHA256))));
            assertThat(InstalledFiles.parse(
                            new ByteArrayInputStream(onCard.toText().toBytes())))
                    .isEqualTo(onCard);
        }

        @Test
        void storeThatTakesNoIdIsWrittenAndReadWithoutOne() throws IOException {
            InstalledFiles onCard = new InstalledFiles(
                    new TreeMap<>(Map.of(new DevicePath("sd/a"), new Entry.File(SHA256, 1, 0644))),
                    new TreeMap<>(Map.of(new DevicePath("sd"), Optional.empty())));

            assertThat(text(onCard.toText().toBytes())).isEqualTo(text(sealed("""
                    OTAINSTALLED 1
                    store sd -
                    sd/a file:%1$s:1:644
                    """.formatted(SHA256))));
            assertThat(InstalledFiles.parse(
                            new ByteArrayInputStream(onCard.toText().toBytes())))
                    .isEqualTo(onCard);
        }

        @Test
        void fileOfTheNameOfTheEndLineIsNotTheEnd() throws IOException {
            InstalledFiles named =
                    new InstalledFiles(new TreeMap<>(Map.of(new DevicePath("END"), new Entry.File(SHA256, 1, 0644))));

            assertThat(InstalledFiles.parse(
                            new ByteArrayInputStream(named.toText().toBytes())))
                    .isEqualTo(named);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"OTAINSTALLED 2\n", "OTASTATE 1\n", "OTAINSTALLED 1\na absent\n", "OTAINSTALLED 1\na\n"})
        void anythingElseIsNone(String text) {
            assertThatThrownBy(() -> InstalledFiles.parse(new ByteArrayInputStream(sealed(text))))
                    .isInstanceOf(IOException.class);
        }
    }
}
