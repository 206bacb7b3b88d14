package io.overair.client;

/** What becomes of an offer that is lower than the version a device is on. */
public enum Downgrades {
    /** It is installed, as by the Pycom client: taking a bad release off the server brings devices back. */
    FOLLOWED,
    /** It is refused with a {@link DowngradeRefusedException}. */
    REFUSED
}
