package io.overair.install;

/** The end of a program in the middle of what it was doing. An error, so that nobody catches it by accident. */
final class PowerCut extends Error {
    private static final long serialVersionUID = 1;

    PowerCut(String message) {
        super(message);
    }
}
