package io.overair.examples.cli;

import io.overair.client.DowngradeRefusedException;
import io.overair.client.DownloadException;
import io.overair.client.NoSuchResourceException;
import io.overair.client.http.NetworkNotFoundException;
import io.overair.install.BlockedReleaseException;
import io.overair.install.ConflictException;
import io.overair.install.FirmwareNotSupportedException;
import io.overair.install.HookVetoException;
import io.overair.install.InTrialException;
import io.overair.install.InstallationLockedException;
import io.overair.install.InsufficientSpaceException;
import io.overair.install.IntegrityException;
import io.overair.install.MissingStoreException;
import io.overair.install.NoWayBackException;
import io.overair.install.NotOnTrialException;
import io.overair.install.RollbackFailedException;
import io.overair.install.UncertainActivationException;
import io.overair.install.UntrustedStateException;
import io.overair.install.UpdateUndoneException;
import io.overair.manifest.ManifestException;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What can go wrong on a device: for each failure its code, a sentence, the state the device is in, and what to do. */
final class DeviceFailures {
    /** In hints: what the device has. */
    private static final String UNCHANGED = "{unchanged}";

    /** In hints: what was run. */
    private static final String AGAIN = "Run `{command}` again";

    /** The first row that fits counts. */
    private static final List<Row<?>> TABLE = List.of(
            row(
                    DownloadException.class,
                    problem -> problem.getCause() instanceof IntegrityException,
                    ErrorCode.WRONG_CONTENT,
                    DeviceFailures::gaveUp,
                    UNCHANGED + " The server has another file than its manifest says: publish the release again."),
            row(
                    DownloadException.class,
                    problem -> problem.getCause() != null,
                    ErrorCode.NETWORK_GAVE_UP,
                    DeviceFailures::gaveUp,
                    UNCHANGED + " " + AGAIN + "."),
            row(
                    DownloadException.class,
                    ErrorCode.TOO_LARGE,
                    UNCHANGED + " The server sends more than a device takes."),
            row(
                    NoSuchResourceException.class,
                    ErrorCode.SERVER_REFUSED,
                    UNCHANGED + " Check --server, and what the server has."),
            row(
                    ManifestException.class,
                    ErrorCode.BAD_MANIFEST,
                    UNCHANGED + " Check --server; if it is the right one, it is the server that needs help."),
            row(
                    DowngradeRefusedException.class,
                    ErrorCode.DOWNGRADE_REFUSED,
                    UNCHANGED + " Without --no-downgrade it is followed, as a release that was taken back asks for."),
            row(
                    NetworkNotFoundException.class,
                    ErrorCode.NETWORK_NOT_FOUND,
                    UNCHANGED + " " + AGAIN + " where the network can be received."),
            row(
                    IntegrityException.class,
                    ErrorCode.WRONG_CONTENT,
                    UNCHANGED + " The server has another file than its manifest says: publish the release again."),
            row(
                    InstallationLockedException.class,
                    any -> true,
                    ErrorCode.LOCKED,
                    problem -> "another updater is at work on %s: %s".formatted(problem.root(), problem.holder()),
                    "nothing was changed. " + AGAIN + " when it has ended; `ota status` shows what it does."),
            row(
                    InsufficientSpaceException.class,
                    ErrorCode.NO_SPACE,
                    UNCHANGED + " Make room, then run `{command}` again."),
            row(
                    ConflictException.class,
                    ErrorCode.IN_THE_WAY,
                    UNCHANGED + " Move what is in the way, then run `{command}` again."),
            row(
                    MissingStoreException.class,
                    ErrorCode.STORE_MISSING,
                    UNCHANGED
                            + " Bring back what belongs there, then run `{command}` again. If it is gone for good, or what is"
                            + " there now is to stay: `{command} --replaced-store DIR`, with DIR as named above."),
            row(
                    FirmwareNotSupportedException.class,
                    any -> true,
                    ErrorCode.NO_FIRMWARE_WRITER,
                    problem -> String.valueOf(problem.getMessage()),
                    UNCHANGED + " --firmware-dir DIR names the directory with the firmware slots."
                            + " `ota update --skip-firmware` is for a device that has none."),
            row(
                    NoWayBackException.class,
                    problem -> !problem.isForGood(),
                    ErrorCode.NO_WAY_BACK,
                    DeviceFailures::reason,
                    UNCHANGED
                            + " There is a way back as soon as what is missing is there again; firmware needs its --firmware-dir."),
            row(
                    NoWayBackException.class,
                    ErrorCode.NO_WAY_BACK,
                    UNCHANGED + " There is a way back after an update, one step."),
            row(
                    InTrialException.class,
                    ErrorCode.IN_TRIAL,
                    "nothing was changed. `ota confirm` keeps the release, `ota reject` takes it back."),
            row(
                    BlockedReleaseException.class,
                    ErrorCode.BLOCKED,
                    UNCHANGED + " A higher release will be taken; `ota unblock` lets this one come again."),
            row(NotOnTrialException.class, ErrorCode.NOT_ON_TRIAL, UNCHANGED + " `ota status` shows what is."),
            row(
                    HookVetoException.class,
                    ErrorCode.VETOED,
                    UNCHANGED + " What has arrived is kept: run `{command}` again when the hook agrees."),
            row(
                    UpdateUndoneException.class,
                    ErrorCode.UNDONE,
                    UNCHANGED + " Mend what the message says, then run `{command}` again."),
            row(
                    RollbackFailedException.class,
                    problem -> problem.getCause() instanceof MissingStoreException,
                    ErrorCode.STUCK,
                    DeviceFailures::reason,
                    "nothing is lost. Bring back what belongs there, then run `ota recover`. If it is gone for good:"
                            + " `ota recover --replaced-store DIR`, with DIR as `ota status` names it, undoes the update without it."),
            row(
                    RollbackFailedException.class,
                    ErrorCode.STUCK,
                    "nothing is lost. Mend what the message says, then run `ota recover`, with --firmware-dir if there is firmware."),
            row(
                    UncertainActivationException.class,
                    ErrorCode.STUCK,
                    "nothing is lost. Run `ota recover`, with --firmware-dir: it tries again."),
            row(
                    UntrustedStateException.class,
                    ErrorCode.UNTRUSTED_STATE,
                    "nothing was touched, and nothing will be until somebody has looked at it: if it belongs to another user,"
                            + " run `{command}` as that one."),
            row(
                    InterruptedIOException.class,
                    problem -> !(problem instanceof SocketTimeoutException),
                    ErrorCode.INTERRUPTED,
                    problem -> "interrupted",
                    UNCHANGED + " What has arrived is kept: run `{command}` again."),
            row(
                    NotDirectoryException.class,
                    any -> true,
                    ErrorCode.NOT_FOUND,
                    problem -> "there is no directory " + problem.getMessage(),
                    UNCHANGED + " --server takes a URL, such as http://192.168.4.1:8000, or a directory."),
            row(
                    AccessDeniedException.class,
                    any -> true,
                    ErrorCode.NOT_WRITABLE,
                    problem -> "permission denied: " + problem.getMessage(),
                    UNCHANGED + " " + AGAIN + " as the user whose files these are."),
            row(
                    IOException.class,
                    any -> true,
                    ErrorCode.DISK_FAILED,
                    problem -> "could not be read or written: " + reason(problem),
                    UNCHANGED + " Mend what the message says, then run `{command}` again."));

    /** A word at the beginning of a sentence, and no path. */
    private static final Pattern FIRST_WORD = Pattern.compile("[A-Z][a-z]*(?:[ ,;]|$)");

    private DeviceFailures() {}

    /**
     * What {@code problem} means.
     *
     * @param command what was run, such as {@code ota update}
     * @param version what the device is on now
     */
    static CommandFailure of(IOException problem, String command, Optional<LooseVersion> version) {
        Row<?> row = TABLE.stream()
                .filter(candidate -> candidate.fits(problem))
                .findFirst()
                .orElseThrow();
        String unchanged = "nothing was changed"
                + version.map(it -> ", " + it + " still runs").orElse("") + ".";
        String hint = row.hint.replace(UNCHANGED, unchanged).replace("{command}", command);
        return new CommandFailure(row.code, row.sentenceFor(problem), hint, problem);
    }

    /** Every kind of failure that has a row, the most special first. */
    static Stream<Class<?>> types() {
        return TABLE.stream().map(Row::type);
    }

    /** What a transfer failed of, in a few words. */
    static String reason(IOException cause) {
        if (cause instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof UnknownHostException) {
            // Behind the host some resolvers say why, and some do not.
            return "no such host: " + String.valueOf(cause.getMessage()).split(":", 2)[0];
        }
        String message = cause.getMessage();
        if (message == null || message.isEmpty()) {
            return cause.getClass().getSimpleName();
        }
        // A name that is not known stands as nothing before the slash.
        String text = message.replace(" to /", " to ");
        return FIRST_WORD.matcher(text).lookingAt() ? Character.toLowerCase(text.charAt(0)) + text.substring(1) : text;
    }

    /** The same, behind {@code subject}, which some messages begin with. */
    static String reason(IOException cause, String subject) {
        String prefix = subject + ": ";
        String text = reason(cause);
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    private static String gaveUp(DownloadException problem) {
        String last = problem.getCause() instanceof IOException cause ? reason(cause, problem.subject()) : "";
        return "%s: gave up after %d %s (last: %s)"
                .formatted(problem.subject(), problem.tries(), problem.tries() == 1 ? "try" : "tries", last);
    }

    private static <E extends IOException> Row<E> row(Class<E> type, ErrorCode code, String hint) {
        return row(type, any -> true, code, DeviceFailures::reason, hint);
    }

    private static <E extends IOException> Row<E> row(
            Class<E> type, Predicate<E> fits, ErrorCode code, Function<E, String> sentence, String hint) {
        return new Row<>(type, fits, code, sentence, hint);
    }

    private record Row<E extends IOException>(
            Class<E> type, Predicate<E> suits, ErrorCode code, Function<E, String> sentence, String hint) {
        boolean fits(IOException problem) {
            return type.isInstance(problem) && suits.test(type.cast(problem));
        }

        String sentenceFor(IOException problem) {
            return sentence.apply(type.cast(problem));
        }
    }
}
