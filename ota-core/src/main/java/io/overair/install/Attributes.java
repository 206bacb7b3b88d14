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

    private static final String SUPERUSER = "0:";

    /**
     * These, with {@code self} for the owner, if there is one, unless that is the superuser: nobody else may give files
     * away.
     */
    Attributes asGivenBy(String self) {
        boolean mayGive = self.startsWith(SUPERUSER) || self.equals(NO_OWNER) || owner.equals(NO_OWNER);
        return mayGive ? this : new Attributes(mode, self);
    }
}
