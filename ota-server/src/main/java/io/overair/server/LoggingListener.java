package io.overair.server;

import io.overair.tree.Omission;
import java.io.IOException;

/** Sends failures to the JDK's logging, so that nobody who gave no listener is left without a word. */
final class LoggingListener implements OtaListener, DirectoryListener {
    private static final System.Logger LOGGER = System.getLogger("io.overair.server");

    @Override
    public void failed(OtaRequest request, Exception problem) {
        LOGGER.log(System.Logger.Level.WARNING, () -> "cannot answer " + printable(request.target()), problem);
    }

    @Override
    public void leftOut(String release, Omission omission) {
        LOGGER.log(System.Logger.Level.WARNING, () -> "left out of " + printable(release) + ": " + omission);
    }

    @Override
    public void outdated(String name, IOException problem) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                () -> "cannot read " + printable(name) + ", devices are told what was true before",
                problem);
    }

    /** What a client or a publisher wrote, unable to forge a line of the log. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (Character.isISOControl(character)) {
                printable.append("\\u%04x".formatted(character));
            } else {
                printable.appendCodePoint(character);
            }
        });
        return printable.toString();
    }
}
