package io.overair.examples.cli;

import io.overair.client.DirectoryTransport;
import io.overair.client.Downgrades;
import io.overair.client.Ota;
import io.overair.client.Transport;
import io.overair.client.http.HttpTransport;
import io.overair.install.Installation;
import io.overair.version.LooseVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code --server}, and what is said to it. */
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class ServerOption {
    static final String EXPECTED = "expected http://host:port, https://host:port or a directory";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = "--server",
            paramLabel = "URL|DIR",
            required = true,
            description = "Where updates come from: a server, or a directory laid out like one, such as a USB stick.")
    private String server;

    @Option(
            names = "--current-ver",
            paramLabel = "V",
            converter = Version.class,
            description = "Version to report to the server. Default: the one that is installed.")
    private Optional<LooseVersion> currentVersion = Optional.empty();

    @Option(
            names = "--no-downgrade",
            description = "Refuse a version that is older than the one that is installed. Default: it is followed.")
    private boolean noDowngrade;

    /** What {@code --server} names; the caller closes it. */
    Transport transport() {
        try {
            return server.contains("://") ? HttpTransport.to(server) : DirectoryTransport.of(Path.of(server));
        } catch (IllegalArgumentException e) { // no URL of HTTP, or no path
            throw WrongValue.of(verb, "--server", server.replaceFirst("//.*@", "//…@"), EXPECTED);
        }
    }

    /** What the server is told that {@code installation} is on; empty if nobody knows. */
    Optional<LooseVersion> versionOf(Installation installation) throws IOException {
        return currentVersion.isPresent() ? currentVersion : installation.version();
    }

    /** An updater of {@code installation}. */
    Ota.Builder updater(Transport transport, Installation installation) {
        Ota.Builder updater =
                Ota.builder(transport, installation).downgrades(noDowngrade ? Downgrades.REFUSED : Downgrades.FOLLOWED);
        currentVersion.ifPresent(updater::currentVersion);
        return updater;
    }

    /** Reads a version. */
    static final class Version implements ITypeConverter<LooseVersion> {
        @Override
        public LooseVersion convert(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("expected a version, such as 1.0.0");
            }
            return LooseVersion.parse(value);
        }
    }
}
