package io.overair.examples.meter;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Does something when a certain message arrives, such as an update on {@code 01 02 03}. Other messages are left alone. For
 * one thread.
 */
public final class DownlinkTrigger {
    /** What is done, and may fail. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    private final byte[] command;
    private final Action action;

    /** Does {@code action} when {@code command} arrives: bytes in hexadecimal, with blanks between them. */
    public DownlinkTrigger(String command, Action action) {
        this.command = HexFormat.ofDelimiter(" ").parseHex(command);
        this.action = action;
    }

    /**
     * Looks at a message, and acts if it is the command; tells whether it was.
     *
     * @throws IOException if the action fails; the next command is acted upon all the same
     */
    public boolean received(byte[] message) throws IOException {
        if (!Arrays.equals(message, command)) {
            return false;
        }
        action.run();
        return true;
    }
}
