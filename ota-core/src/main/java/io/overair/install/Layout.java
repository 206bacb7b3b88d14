package io.overair.install;

/**
 * Where the files of a release lie below the root of an {@linkplain Installation installation}.
 *
 * <p><b>{@linkplain #IN_PLACE In place}</b> they lie at the root itself, and an update changes them there one after the
 * other. It is what every device can do, and what those of the Pycom example need. While an update runs, and after a cut
 * until recovery, a program that reads several files may see some of the old release and some of the new one.
 *
 * <p>In <b>{@linkplain #SLOTS slots}</b> each release is a whole tree of its own, {@code releases/<id>}, and the link {@code
 * current} leads to the one that is installed. An update makes a new tree beside the others, in which unchanged files are
 * hard links that take no room, and then replaces the link: at every instant, also in the middle of a cut, {@code
 * current} leads to exactly one whole release. A rollback puts the link back. What a gateway maker has to know:
 *
 * <ul>
 *   <li>The application is started through the link: {@code ExecStart=/srv/app/current/bin/app}. A program that wants all it
 *       reads to be of one release resolves the link once when it starts and reads through what it found, since the
 *       link may be replaced while it runs. That release stays for as long as it is the one before, or longer if more
 *       slots are {@linkplain #slotsKeeping kept}: restart the application before the next update but one.
 *   <li>Data that the application writes lies elsewhere, outside the root or in folders of the root that belong to no
 *       release. What it writes into {@code current} is taken over by the next release as it is at that time, and is gone
 *       again after a rollback; a file that it changes without replacing it changes in all slots, unless it is named
 *       by {@link InstallationOptions#withWrittenInPlace}. Sockets, pipes, devices and extended
 *       attributes of folders are not taken over.
 *   <li>The root, its state folder and all slots lie on one file store, which must have symbolic links; nothing may be
 *       mounted inside a release.
 * </ul>
 *
 * <p><b>Switching.</b> The first update with slots makes an installation in place one with slots, as one change that is made
 * whole or not at all. The files in place stay where they are, so that a launcher which does not know the link yet starts
 * the old release, and so that {@link Installation#rollBack} can lead back to it: it removes {@code current}. What the
 * host does next: let its launcher use {@code current} if it is there and the root itself if it is not; and, when no way
 * back to the files in place is wanted any more, which is after the next update, delete them, all that is below the root
 * except {@code .ota}, {@code releases} and {@code current}. No later update looks at them. There is no way from slots to
 * files in place but that rollback.
 */
public sealed interface Layout {
    /** At the root itself. */
    Layout IN_PLACE = new InPlace();

    /** In slots, of which one old one is kept: the way back. */
    Layout SLOTS = new Slots(1);

    /**
     * In slots, of which {@code old} are kept besides the current one.
     *
     * @throws IllegalArgumentException if that leaves no way back
     */
    static Layout slotsKeeping(int old) {
        return new Slots(old);
    }

    /** At the root itself. */
    record InPlace() implements Layout {
        @Override
        public String toString() {
            return "in-place";
        }
    }

    /**
     * In slots.
     *
     * @param old how many are kept besides the current one, at least one; further ones are removed by the next update
     */
    record Slots(int old) implements Layout {
        private static final String PREFIX = "slots:";

        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it leaves no way back
         */
        public Slots {
            if (old < 1) {
                throw new IllegalArgumentException(
                        "the slot that is the way back is kept: %d are too few".formatted(old));
            }
        }

        @Override
        public String toString() {
            return PREFIX + old;
        }
    }

    /**
     * What {@code toString} wrote.
     *
     * @throws IllegalArgumentException if it did not
     */
    static Layout parse(String text) {
        if (text.equals(IN_PLACE.toString())) {
            return IN_PLACE;
        }
        if (text.startsWith(Slots.PREFIX)) {
            return new Slots(Integer.parseInt(text.substring(Slots.PREFIX.length())));
        }
        throw new IllegalArgumentException("no layout: " + text);
    }
}
