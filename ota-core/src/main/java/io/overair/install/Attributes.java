package io.overair.install;

/**
 * Who may do what with a file.
 *
 * @param mode permission bits as in {@code 0644}, without set-id and sticky bits; -1 where the store has none
 * @param owner user and group as {@code uid:gid}; {@code -} where the store has none
 */
record Attributes(int mode, String owner) {
    static final int NO_MODE = -1;
    static final String NO_OWNER = "-";
    static final Attributes NONE = new Attributes(NO_MODE, NO_OWNER);
}
