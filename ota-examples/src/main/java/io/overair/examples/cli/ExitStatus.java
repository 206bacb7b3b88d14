package io.overair.examples.cli;

/** What the exit statuses mean, as {@code --help} lists them: each verb those that it can give. */
final class ExitStatus {
    static final String DONE = "0:done, or nothing to do";
    static final String BUG = "1:internal error: a bug";
    static final String USAGE = "2:wrong usage or configuration";
    static final String NOT_READABLE = "3:input or repository not found or unreadable";
    static final String DIFFERENT = "12:diff --exit-code: there are differences";
    static final String NOT_WRITABLE = "40:no space, or not writable";
    static final String INTERRUPTED = "130:interrupted";

    private ExitStatus() {}
}
