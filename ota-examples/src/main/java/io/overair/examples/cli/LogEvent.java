package io.overair.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An event of a device's log: {@code <seq> <epoch-ms> <event> key=value…}, the values percent-encoded. */
record LogEvent(long number, Instant time, String name, Map<String, String> details) {
    /** Of no use to people: a name that only this log knows. */
    private static final String TRANSACTION = "txn";

    static LogEvent parse(String line) {
        String[] fields = line.split(" ");
        Map<String, String> details = new LinkedHashMap<>();
        Arrays.stream(fields).skip(3).forEach(field -> {
            int equals = field.indexOf('=');
            details.put(field.substring(0, equals), decode(field.substring(equals + 1)));
        });
        return new LogEvent(
                Long.parseLong(fields[0]), Instant.ofEpochMilli(Long.parseLong(fields[1])), fields[2], details);
    }

    /** A percent sign alone stands for no text at all, where nothing would be taken for a torn line. */
    private static String decode(String value) {
        return value.equals("%") ? "" : URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
    }

    String toText() {
        String about = details.entrySet().stream()
                .filter(detail -> !detail.getKey().equals(TRANSACTION)
                        && !detail.getValue().isEmpty())
                .map(detail -> detail.getKey() + " " + detail.getValue())
                .collect(Collectors.joining(", "));
        return "%s  %-17s %s"
                .formatted(time.truncatedTo(ChronoUnit.SECONDS), name.replace('-', ' '), about)
                .stripTrailing();
    }

    void putInto(ObjectNode line) {
        ObjectNode members = line.put("number", number)
                .put("time", time.toString())
                .put("event", name)
                .putObject("details");
        details.forEach(members::put);
    }
}
