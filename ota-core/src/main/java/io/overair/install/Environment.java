package io.overair.install;

import java.time.Clock;

/** What an installation takes from the outside. */
record Environment(FilePort port, Clock clock, Ids ids, Sleeper sleeper) {
    /** Lets time pass. */
    interface Sleeper {
        void sleep(long millis) throws InterruptedException;
    }

    static Environment real() {
        return new Environment(new NioFilePort(), Clock.systemUTC(), Ids.random(), Thread::sleep);
    }
}
