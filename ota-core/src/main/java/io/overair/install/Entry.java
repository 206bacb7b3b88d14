package io.overair.install;

import io.overair.manifest.Digest;
import java.util.Optional;

/** What is, was or is to be at a path of the tree, or in the active firmware slot; as text, one field of a plan. */
sealed interface Entry {
    Entry ABSENT = new Absent();

    /** Neither file nor folder nor link: nothing, or below something that is no folder. */
    record Absent() implements Entry {
        @Override
        public String toString() {
            return "absent";
        }
    }

    /** A folder, whatever is in it. */
    record Folder(Attributes attributes) implements Entry {
        @Override
        public String toString() {
            return "dir:" + Entry.modeText(attributes.mode()) + ":" + attributes.owner();
        }
    }

    /** A file. */
    record File(String sha256, long size, int mode) implements Entry {
        @Override
        public String toString() {
            return "file:" + sha256 + ":" + size + ":" + Entry.modeText(mode);
        }
    }

    /** A symbolic link. */
    record Link(String target) implements Entry {
        @Override
        public String toString() {
            return "link:" + target;
        }
    }

    /** The firmware slot that runs after the next restart. */
    record Slot(FirmwareSlot slot) implements Entry {
        @Override
        public String toString() {
            return "slot:" + slot.name() + ":" + slot.sha256().map(Digest::hex).orElse("-");
        }
    }

    /**
     * What {@code toString} wrote.
     *
     * @throws IllegalArgumentException if it did not
     */
    static Entry parse(String text) {
        int colon = text.indexOf(':');
        String rest = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon)) {
            case "absent" -> ABSENT;
            case "dir" -> {
                int end = rest.indexOf(':');
                yield new Folder(new Attributes(parseMode(rest.substring(0, end)), rest.substring(end + 1)));
            }
            case "file" -> {
                int first = rest.indexOf(':');
                int second = rest.indexOf(':', first + 1);
                String sha256 = new Digest(Digest.Algorithm.SHA256, rest.substring(0, first)).hex();
                yield new File(
                        sha256,
                        Long.parseLong(rest.substring(first + 1, second)),
                        parseMode(rest.substring(second + 1)));
            }
            case "link" -> new Link(rest);
            case "slot" -> {
                int end = rest.lastIndexOf(':');
                String sha256 = rest.substring(end + 1);
                yield new Slot(new FirmwareSlot(
                        rest.substring(0, end),
                        sha256.equals("-")
                                ? Optional.empty()
                                : Optional.of(new Digest(Digest.Algorithm.SHA256, sha256))));
            }
            default -> throw new IllegalArgumentException("no kind of entry: " + text);
        };
    }

    /** Whether {@code actual}, which was found, is what is {@code wanted}. */
    static boolean admits(Entry wanted, Entry actual) {
        return (wanted instanceof Folder folder && actual instanceof Folder found)
                ? folder.attributes().admit(found.attributes())
                : wanted.equals(actual);
    }

    /** Permission bits in octal; {@code -} where a store has none. */
    static String modeText(int mode) {
        return mode == Attributes.NO_MODE ? "-" : Integer.toOctalString(mode);
    }

    static int parseMode(String text) {
        return text.equals("-") ? Attributes.NO_MODE : Integer.parseInt(text, 8);
    }
}
