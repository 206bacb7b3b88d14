package io.overair.examples.cli;

import io.overair.server.DirectoryListener;
import io.overair.server.OtaListener;
import io.overair.server.OtaRequest;
import io.overair.server.OtaResponse;
import io.overair.tree.Omission;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * Prints a line for each request, in the manner of the Pycom OTA server, and what is wrong with the directory in between.
 * The server never waits for that: what is not read in time is left out, and counted. Closing the log prints what there is
 * still to print, for a second at most.
 */
final class RequestLog implements OtaListener, DirectoryListener, AutoCloseable {
    private static final int LINES = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Console console;
    private final Clock clock;
    private final LogPrinter printer;

    RequestLog(Console console, Clock clock) {
        this(console, clock, LINES, PATIENCE);
    }

    RequestLog(Console console, Clock clock, int lines, Duration patience) {
        this.console = console;
        this.clock = clock;
        this.printer = new LogPrinter(lines, patience, this::tellDropped);
    }

    @Override
    public void answered(OtaRequest request, OtaResponse response) {
        RequestEvent event = RequestEvent.of(request, response, clock.instant());
        printer.print(() -> {
            console.detail(event.toText(clock.getZone()));
            console.jsonDetail("request", event::putInto);
        });
    }

    @Override
    public void failed(OtaRequest request, Exception problem) {
        String sentence = request.target() + ": " + CommandFailure.of(problem).sentence();
        printer.print(() -> console.warning(sentence));
    }

    @Override
    public void leftOut(String release, Omission omission) {
        printer.print(() -> console.warning("left out of " + release + ": " + omission));
    }

    @Override
    public void outdated(String name, IOException problem) {
        String sentence =
                name + ": " + CommandFailure.of(problem).sentence() + "; devices are told what was true before";
        printer.print(() -> console.warning(sentence));
    }

    @Override
    public void close() {
        printer.close();
    }

    private void tellDropped(long lines) {
        console.detail("(%d lines are missing here: they were not read in time)".formatted(lines));
        console.jsonDetail("dropped", line -> line.put("lines", lines));
    }
}
