package io.overair.examples.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator, one thread of it. */
final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern REFUSALS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private Wrk() {}

    /**
     * What came of a run.
     *
     * @param errors connections that failed, answers that did not come in time or had another status than asked for
     */
    record Result(long requests, double requestsPerSecond, long errors) {}

    /** Asks for {@code url} over and over from {@code connections} connections that are kept open. */
    static Result run(String url, int connections, Duration duration) throws IOException, InterruptedException {
        String output = Children.outputOf(new ProcessBuilder(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + duration.toSeconds() + "s",
                "--timeout=10s",
                url));
        return new Result(
                (long) sum(REQUESTS, output), sum(RATE, output), (long) (sum(ERRORS, output) + sum(REFUSALS, output)));
    }

    private static double sum(Pattern numbers, String output) {
        Matcher found = numbers.matcher(output);
        double sum = 0;
        if (found.find()) {
            for (int group = 1; group <= found.groupCount(); group++) {
                sum += Double.parseDouble(found.group(group));
            }
        }
        return sum;
    }
}
