package io.overair.examples.cli;

import io.overair.client.RetryPolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a process is given apart from its arguments.
 *
 * @param terminals which of the streams a person looks at
 * @param retry how patient it is with a network
 */
record Surroundings(
        Map<String, String> environment, PrintStream out, PrintStream err, Set<Stream> terminals, RetryPolicy retry) {
    /** The two streams a command writes to. */
    enum Stream {
        OUT,
        ERR
    }

    /** Java cannot tell a terminal from a pipe stream by stream, so the launcher does. */
    static final String TERMINALS_PROPERTY = "ota.terminals";

    static Surroundings ofThisProcess() {
        String terminals = System.getProperty(TERMINALS_PROPERTY, "");
        Set<Stream> streams = EnumSet.noneOf(Stream.class);
        if (terminals.contains("out")) {
            streams.add(Stream.OUT);
        }
        if (terminals.contains("err")) {
            streams.add(Stream.ERR);
        }
        Stdout out = Stdout.to(new FileOutputStream(FileDescriptor.out), Charset.defaultCharset());
        return new Surroundings(System.getenv(), out, System.err, streams, RetryPolicy.defaults());
    }

    /** How this command is run, such as {@code ./ota}: it need not be on the path. */
    static String launcher() {
        return System.getProperty("ota.launcher", "ota");
    }

    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    boolean coloursOut() {
        return wantsColour() && terminals.contains(Stream.OUT);
    }

    boolean coloursErr() {
        return wantsColour() && terminals.contains(Stream.ERR);
    }

    /** As no-color.org has it: the variable counts unless it is empty. */
    private boolean wantsColour() {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }
}
