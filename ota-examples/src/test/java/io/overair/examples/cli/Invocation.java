package io.overair.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.overair.client.RetryPolicy;
import io.overair.examples.cli.Surroundings.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What came of running the command in this process. */
record Invocation(int exitStatus, String out, String err) {
    private static final RetryPolicy NO_WAITING = new RetryPolicy(3, Duration.ZERO, Duration.ZERO);

    static Invocation of(String... args) {
        return in(Map.of(), Set.of(), args);
    }

    static Invocation in(Map<String, String> environment, Set<Stream> terminals, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Invocation invocation = onto(out, environment, terminals, args);
        return new Invocation(invocation.exitStatus, out.toString(StandardCharsets.UTF_8), invocation.err);
    }

    /** With a stdout that fails at each write, with this message. */
    static Invocation ontoBroken(String message, Map<String, String> environment, String... args) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(message);
            }
        };
        return onto(broken, environment, Set.of(), args);
    }

    private static Invocation onto(
            OutputStream out, Map<String, String> environment, Set<Stream> terminals, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                environment,
                Stdout.to(out, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminals,
                NO_WAITING);
        int exitStatus = OtaCommand.run(List.of(args), surroundings);
        return new Invocation(exitStatus, "", err.toString(StandardCharsets.UTF_8));
    }

    /** Every line of stdout, which must be JSON. */
    List<JsonNode> json() throws JsonProcessingException {
        return parse(out);
    }

    /** Every line of stderr, which must be JSON. */
    List<JsonNode> jsonErrors() throws JsonProcessingException {
        return parse(err);
    }

    private static List<JsonNode> parse(String lines) throws JsonProcessingException {
        List<JsonNode> documents = new ArrayList<>();
        for (String line : lines.lines().toList()) {
            documents.add(new ObjectMapper().readTree(line));
        }
        return documents;
    }
}
