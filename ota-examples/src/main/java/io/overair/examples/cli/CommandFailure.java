package io.overair.examples.cli;

/** A command that cannot be carried out: what is wrong in one sentence, and what to do about it. */
final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final String hint;

    CommandFailure(ErrorCode code, String sentence, String hint, Throwable cause) {
        super(sentence, cause);
        this.code = code;
        this.hint = hint;
    }

    CommandFailure(ErrorCode code, String sentence, String hint) {
        super(sentence);
        this.code = code;
        this.hint = hint;
    }

    /** {@code problem} as a failure, with what can be said about any problem of its kind. */
    static CommandFailure of(Throwable problem) {
        if (problem instanceof CommandFailure failure) {
            return failure;
        }
        ErrorCode code = ErrorCode.of(problem);
        return switch (code) {
            case NOT_FOUND ->
                new CommandFailure(
                        code, "no such file or directory: " + problem.getMessage(), "Check the path.", problem);
            case NOT_READABLE ->
                new CommandFailure(
                        code, "not allowed to read " + problem.getMessage(), "Check who may read it.", problem);
            case INTERRUPTED -> new CommandFailure(code, "interrupted", "Nothing is left to clean up.", problem);
            case INTERNAL ->
                new CommandFailure(
                        code,
                        "internal error: " + problem,
                        "This is a bug: run it again with -v and report what that shows.",
                        problem);
            default ->
                new CommandFailure(
                        code, "could not read: " + problem.getMessage(), "Run it again once that is mended.", problem);
        };
    }

    ErrorCode code() {
        return code;
    }

    String hint() {
        return hint;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
