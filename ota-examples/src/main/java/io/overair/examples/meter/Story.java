package io.overair.examples.meter;

import java.io.PrintStream;

/** What happens, as lines for people: who, and what. */
record Story(PrintStream out) {
    void tell(String who, String what) {
        out.println("%-9s %s".formatted(who, what));
    }
}
