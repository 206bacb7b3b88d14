package io.overair.server;

/** What becomes of a device whose version is higher than every release there is. */
public enum Downgrades {
    /** It is told to go back to the latest release, as by the Pycom server: taking a bad release away undoes it. */
    OFFERED,
    /** It is told that it is up to date. */
    REFUSED
}
