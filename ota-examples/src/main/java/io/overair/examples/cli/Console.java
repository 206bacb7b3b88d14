package io.overair.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Where a command's words go: results to stdout, everything else to stderr; as text for people or as JSON for programs.
 * Safe for use by many threads; a line is never torn.
 */
final class Console {
    /** Control characters but for the colours of {@link #paint}: names from outside may not steer a terminal. */
    private static final Pattern UNPRINTABLE = Pattern.compile("\u001B(?!\\[[0-9;]*m)|[\\p{Cntrl}&&[^\u001B]]");

    private static final String OUTPUT_LOST = "could not write all of the output";

    /** What a shell reports of a tool that a closed pipe has ended. */
    private static final int READER_GONE = 141;

    private final Surroundings surroundings;
    private final GlobalOptions options;

    Console(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    /** Loaded only where JSON is wanted, since it takes a good part of the time of a short verb. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    /** The colours and weights in use, as SGR codes. */
    enum Paint {
        BOLD(1),
        FAINT(2),
        RED(31),
        GREEN(32),
        YELLOW(33);

        private final int code;

        Paint(int code) {
            this.code = code;
        }
    }

    /** A line for people who asked for a result. */
    void result(String line) {
        if (!options.json) {
            print(surroundings.out(), line);
        }
    }

    /** A document as it is, for people or for whatever reads it. */
    void document(byte[] document) {
        if (!options.json) {
            surroundings.out().write(document, 0, document.length);
            surroundings.out().println();
        }
    }

    /** A line for people who want to see what is going on. */
    void detail(String line) {
        if (!options.quiet) {
            result(line);
        }
    }

    /** A result for programs, one line of it. */
    void json(String type, Consumer<ObjectNode> members) {
        if (options.json) {
            printJson(surroundings.out(), type, members);
        }
    }

    /** An event for programs that want to see what is going on. */
    void jsonDetail(String type, Consumer<ObjectNode> members) {
        if (!options.quiet) {
            json(type, members);
        }
    }

    void warning(String sentence) {
        if (options.json) {
            printJson(surroundings.err(), "warning", warning -> warning.put("message", sentence));
        } else {
            print(surroundings.err(), paintErr(Paint.YELLOW, "warning:") + " " + sentence);
        }
    }

    /** What an exit status tells of. */
    enum StatusOf {
        /** Results: whoever relies on the status must not take a part of them for the whole. */
        OUTPUT,
        /** A device that was to be changed: a change is brought to its end whether somebody listens or not. */
        DEVICE
    }

    /**
     * The exit status of a verb that has ended with {@code status}, where not all of its output may have got out. When
     * whoever read it has gone, that is not worth a word, as with other tools.
     */
    int ended(int status, StatusOf what) {
        if (!surroundings.out().checkError()) {
            return status;
        }
        boolean readerHasGone = surroundings.out() instanceof Stdout stdout && stdout.readerHasGone();
        if (what == StatusOf.DEVICE) {
            if (!readerHasGone) {
                warning(OUTPUT_LOST);
            }
            return status;
        }
        return readerHasGone
                ? READER_GONE
                : failed(new CommandFailure(ErrorCode.NOT_WRITABLE, OUTPUT_LOST, "Make room where it goes."));
    }

    /** Says what went wrong and returns the exit status. */
    int failed(CommandFailure failure) {
        ErrorCode code = failure.code();
        if (options.json) {
            printJson(
                    surroundings.err(),
                    "error",
                    error -> error.put("code", code.code())
                            .put("message", failure.sentence())
                            .put("hint", failure.hint())
                            .put("exit", code.exitStatus()));
        } else {
            print(surroundings.err(), paintErr(Paint.RED, "error:") + " " + code.code() + " " + failure.sentence());
            print(surroundings.err(), "hint: " + failure.hint());
        }
        if (options.verbose) {
            failure.printStackTrace(surroundings.err());
        }
        return code.exitStatus();
    }

    /** {@code text} in a colour, if stdout is to have colours. */
    String paint(Paint paint, String text) {
        return surroundings.coloursOut() && !options.noColor ? inColour(paint, text) : text;
    }

    /** A display for long reading; the caller closes it. */
    Progress progress() {
        return Progress.of(options, surroundings);
    }

    /** A display for downloads. */
    DownloadProgress downloadProgress() {
        return DownloadProgress.of(options, surroundings);
    }

    private String paintErr(Paint paint, String text) {
        return surroundings.coloursErr() && !options.noColor ? inColour(paint, text) : text;
    }

    private static String inColour(Paint paint, String text) {
        return "\u001B[" + paint.code + "m" + text + "\u001B[0m";
    }

    private static void print(PrintStream stream, String line) {
        stream.println(UNPRINTABLE.matcher(line).replaceAll("?"));
    }

    /** In bytes, since JSON is UTF-8 whatever the terminal speaks. */
    private static void printJson(PrintStream stream, String type, Consumer<ObjectNode> members) {
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("schema", 1).put("type", type);
        members.accept(line);
        try {
            byte[] bytes = (Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (stream) {
                stream.write(bytes, 0, bytes.length);
                stream.flush();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }
}
