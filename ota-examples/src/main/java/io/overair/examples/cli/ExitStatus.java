package io.overair.examples.cli;

/** What the exit statuses mean, as {@code --help} lists them: each verb those that it can give. */
final class ExitStatus {
    static final String DONE = "0:done, or nothing to do";
    static final String BUG = "1:internal error: a bug";
    static final String USAGE = "2:wrong usage or configuration";
    static final String NOT_READABLE = "3:input or repository not found or unreadable";
    static final String AVAILABLE = "10:check: there is an update";
    static final String ON_TRIAL = "11:a release is on trial: restart or confirm it";
    static final String DIFFERENT = "12:verify, diff --exit-code: there are differences";
    static final String NETWORK = "20:network gave up: safe to run again";
    static final String REFUSED = "21:server refused, or answered nonsense";
    static final String WRONG_CONTENT = "30:what arrived is not what was promised";
    static final String DOWNGRADE = "31:an older version was offered, and refused";
    static final String NOT_WRITABLE = "40:no space, not writable, locked by another process, or vetoed by a hook";
    static final String FAILED_TRIAL = "41:the release failed its health check, now or before";
    static final String STUCK = "42:neither forward nor back: needs a person";
    static final String INTERRUPTED = "130:interrupted";
    static final String READER_GONE = "141:whoever read the output has gone, and something was left to say";

    private ExitStatus() {}
}
