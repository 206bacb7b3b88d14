package io.overair.install;

import java.util.Locale;

/**
 * Something that can happen to a device with a release on trial, or without one.
 *
 * @param release which release it is about; 0 if about none
 */
record TrialEvent(Kind kind, int release) {
    enum Kind {
        UPDATE,
        TRY,
        /** An update is prepared and given up. */
        BEGIN,
        CONFIRM,
        REJECT,
        ROLL_BACK,
        ROLL_BACK_AND_BLOCK,
        START,
        GIVE_START_BACK,
        RUN_4_MINUTES,
        RUN_10_MINUTES,
        HEALTHY_START,
        UNBLOCK,
        /** Somebody was told of the last report. */
        TOLD,
        /** Somebody was told of a report that is not the last. */
        TOLD_OF_ANOTHER,
        OPEN,
        /** The backups go, by no doing of the library. */
        LOSE_BACKUPS,
        /** An update is committed, and then the disk fails until the device is opened again. */
        BREAK;

        boolean isAboutARelease() {
            return switch (this) {
                case UPDATE, TRY, BEGIN, CONFIRM, REJECT, HEALTHY_START, UNBLOCK, BREAK -> true;
                default -> false;
            };
        }
    }

    static TrialEvent of(Kind kind) {
        return new TrialEvent(kind, 0);
    }

    /** Reads what {@link #toString} writes. */
    static TrialEvent parse(String text) {
        String[] words = text.split(" (?=\\d$)");
        Kind kind = Kind.valueOf(words[0].replace(' ', '_').toUpperCase(Locale.ROOT));
        return new TrialEvent(kind, words.length == 1 ? 0 : Integer.parseInt(words[1]));
    }

    @Override
    public String toString() {
        String words = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kind.isAboutARelease() ? words + " " + release : words;
    }
}
