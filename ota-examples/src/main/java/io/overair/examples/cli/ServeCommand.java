package io.overair.examples.cli;

import io.overair.server.OtaHandler;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import io.overair.server.netty.OtaServer;
import io.overair.server.netty.ServerLimits;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ota serve}: a server that devices of the Pycom OTA example can use as it is. */
@Command(
        name = "serve",
        description = {"Serves releases and firmware images to devices.", "It is a drop-in for the Pycom OTA server."},
        exitCodeList = {ExitStatus.DONE, ExitStatus.BUG, ExitStatus.USAGE, ExitStatus.NOT_READABLE})
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class ServeCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Spec
    private CommandSpec verb;

    @Mixin
    private RootOption root;

    @Option(
            names = "--bind",
            paramLabel = "ADDR",
            defaultValue = "0.0.0.0",
            description = "Address to listen on. Default: every one of this machine.")
    private String bind;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8000",
            converter = Port.class,
            description = "Port to listen on, 0 for any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "What the URLs in manifests begin with. Default: what the device says it connected to.")
    private Optional<String> baseUrl;

    @Option(
            names = "--connections-per-peer",
            paramLabel = "N|none",
            converter = ConnectionsPerPeer.class,
            description = "Most connections from one address; none behind a proxy or a gateway. Default: 256.")
    private ServerLimits limits = ServerLimits.defaults();

    @Override
    public Integer call() throws CommandFailure, IOException, InterruptedException {
        Console console = ota.console();
        Progress progress = console.progress();
        try (RequestLog log = new RequestLog(console, Clock.system(ZoneId.systemDefault()))) {
            serve(root.repository(progress, log), log, progress, console);
        }
        return 0;
    }

    private void serve(ReleaseRepository repository, RequestLog log, Progress progress, Console console)
            throws CommandFailure, IOException, InterruptedException {
        try (OtaServer server = start(repository, log)) {
            Termination termination = Termination.closing(server, log);
            try {
                announce(server, console);
                readAhead(repository, progress, console);
                termination.await();
            } finally {
                termination.forget();
            }
        }
    }

    private OtaServer start(ReleaseRepository repository, RequestLog log) throws CommandFailure {
        OtaHandler.Builder handler = OtaHandler.builder(repository).listener(log);
        try {
            baseUrl.map(URI::create).ifPresent(handler::baseUrl);
        } catch (IllegalArgumentException e) {
            throw WrongValue.of(
                    verb,
                    "--base-url",
                    baseUrl.orElseThrow(),
                    "expected http://host:port or https://host:port, perhaps with a path");
        }
        try {
            return OtaServer.builder(handler.build())
                    .bind(bind)
                    .port(port)
                    .limits(limits)
                    .start();
        } catch (UnknownHostException e) {
            throw new CommandFailure(
                    ErrorCode.CANNOT_LISTEN,
                    bind + " is no address of this machine",
                    "--bind takes an address, such as 127.0.0.1; without it the server listens on all.",
                    e);
        } catch (IOException e) {
            throw new CommandFailure(
                    ErrorCode.CANNOT_LISTEN,
                    String.valueOf(e.getMessage()),
                    "Choose another --port or --bind, or end the program that uses this one.",
                    e);
        }
    }

    private static void announce(OtaServer server, Console console) {
        Listening listening = Listening.of(server);
        console.result("listening on " + listening.url());
        console.json("listening", listening::putInto);
    }

    /** Devices need not wait for the first look at the newest releases; the log is told what is wrong with them at once. */
    private void readAhead(ReleaseRepository repository, Progress progress, Console console) {
        try (progress) {
            List<Release> newestFirst = new ArrayList<>(root.releases(repository, console));
            Collections.reverse(newestFirst);
            for (Release release : newestFirst) {
                release.tree();
            }
        } catch (IOException e) {
            console.warning("cannot read every release: " + CommandFailure.of(e).sentence());
        }
    }

    /** Reads a port. */
    static final class Port implements ITypeConverter<Integer> {
        private static final int HIGHEST = 65_535;

        @Override
        public Integer convert(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= HIGHEST) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // No more of a port than a number that is too high.
            }
            throw new TypeConversionException("expected a number from 0 to " + HIGHEST);
        }
    }

    /** Reads how many connections an address may have. */
    static final class ConnectionsPerPeer implements ITypeConverter<ServerLimits> {
        @Override
        public ServerLimits convert(String value) {
            if (value.equals("none")) {
                return ServerLimits.defaults().withoutConnectionsPerPeer();
            }
            try {
                return ServerLimits.defaults().withConnectionsPerPeer(Integer.parseInt(value));
            } catch (IllegalArgumentException e) { // no number, or less than 1
                throw new TypeConversionException("expected a number from 1 on, or none");
            }
        }
    }
}
