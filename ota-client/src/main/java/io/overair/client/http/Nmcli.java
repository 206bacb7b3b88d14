package io.overair.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs {@code nmcli} and reads what it says. */
final class Nmcli {
    /** A scan in a city lists some hundred networks of some fifty bytes each. */
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    private final String program;

    Nmcli(String program) {
        this.program = program;
    }

    /** The rows of a table, field by field. */
    List<List<String>> table(Duration limit, List<String> arguments) throws IOException {
        List<String> terse = new ArrayList<>(List.of("-t", "-e", "yes"));
        terse.addAll(arguments);
        return run(limit, "", terse).lines().map(Nmcli::fields).toList();
    }

    /**
     * What it prints, given {@code input} to read.
     *
     * @throws NmcliException if it says that something went wrong
     * @throws InterruptedIOException if the calling thread was interrupted; it still is
     * @throws IOException if there is no such program, or it has not ended within {@code limit}; it has then
     */
    String run(Duration limit, String input, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Messages in English; names of networks in any script.
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        FutureTask<String> output = read(process.getInputStream());
        FutureTask<String> errors = read(process.getErrorStream());
        try {
            send(input, process);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("nmcli %s: not done within %s".formatted(verb(arguments), limit));
            }
            String text = text(output);
            if (process.exitValue() != 0) {
                throw new NmcliException(process.exitValue(), verb(arguments), oneLine(text(errors) + text));
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for nmcli");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void send(String input, Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading; its status tells why.
        }
    }

    /** The fields of a line in terse form: separated by colons, those inside a field and backslashes escaped. */
    static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (character == '\\' && i + 1 < line.length()) {
                i++;
                field.append(line.charAt(i));
            } else if (character == ':') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(character);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    /** What is run, without names and values. */
    private static String verb(List<String> arguments) {
        return arguments.stream()
                .dropWhile(argument -> !argument.equals("device") && !argument.equals("connection"))
                .limit(2)
                .reduce((left, right) -> left + " " + right)
                .orElse("");
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** On a thread of its own: only so can the caller wait for an end that may never come. */
    private static FutureTask<String> read(InputStream source) {
        FutureTask<String> reading =
                new FutureTask<>(() -> new String(source.readNBytes(MAX_OUTPUT_BYTES), StandardCharsets.UTF_8));
        Thread thread = new Thread(reading, "nmcli output");
        thread.setDaemon(true);
        thread.start();
        return reading;
    }

    /** Called once the program has ended. */
    private static String text(FutureTask<String> reading) throws InterruptedException {
        try {
            return reading.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What is missing shows in its status.
            return "";
        }
    }
}
