package io.overair.install;

/**
 * Who may do what with a file.
 *
 * @param mode permission bits as in {@code 0644}, with set-id and sticky bits of a folder and without them of a file, to
 *     whose content they were given; -1 where the store has none
 * @param owner user and group as {@code uid:gid}; {@code -} where the store has none
 */
record Attributes(int mode, String owner) {
    static final int NO_MODE = -1;
    static final String NO_OWNER = "-";
    static final Attributes NONE = new Attributes(NO_MODE, NO_OWNER);

    private static final int SET_GROUP_ID = 02000;
    private static final String SUPERUSER = "0:";

    /** Those of something new in a folder with these: it belongs to whom the folder belongs. */
    Attributes ofNew(int newMode) {
        return mode == NO_MODE ? this : new Attributes(newMode, owner);
    }

    /**
     * What {@code self}, an owner, can at best make of these: nobody but the superuser may give files to another user, but
     * everybody may to a group that he is in.
     */
    Attributes atBest(String self) {
        return mayBeGivenBy(self) ? this : new Attributes(mode, user(self) + owner.substring(owner.indexOf(':')));
    }

    /** What {@code self}, an owner, can make of these in any case. */
    Attributes atWorst(String self) {
        return mayBeGivenBy(self) ? this : new Attributes(mode, self);
    }

    /**
     * These for a folder that gets neither user nor group given, so that only the system knows whose it will be. Without the
     * set-group-ID bit, which would hand another group on.
     */
    Attributes ofWhoeverMakesIt() {
        return new Attributes(mode & ~SET_GROUP_ID, NO_OWNER);
    }

    /** Whether what is made in a folder with these gets its group. */
    boolean handGroupOn() {
        return mode != NO_MODE && (mode & SET_GROUP_ID) != 0;
    }

    /** Whether something with the {@code actual} ones is as these want it: without an owner, whoever owns it. */
    boolean admit(Attributes actual) {
        return mode == actual.mode() && (owner.equals(NO_OWNER) || owner.equals(actual.owner()));
    }

    /** Whether this is the business of {@code self}, an owner: of the user that it is, or of the superuser. */
    boolean isOf(String self) {
        return mayBeGivenBy(self) || user(owner).equals(user(self));
    }

    /** Whether {@code self}, an owner, may give these to anything. */
    boolean mayBeGivenBy(String self) {
        return self.startsWith(SUPERUSER) || self.equals(NO_OWNER) || owner.equals(NO_OWNER);
    }

    private static String user(String owner) {
        return owner.substring(0, owner.indexOf(':'));
    }
}
