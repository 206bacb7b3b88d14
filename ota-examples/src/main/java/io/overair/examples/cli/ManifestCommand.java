package io.overair.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.overair.manifest.ManifestJson;
import io.overair.server.ManifestGenerator;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import io.overair.server.ServerAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ota manifest}: the answer to a device, without a server. */
@Command(
        name = "manifest",
        description = {
            "Prints the manifest that a device would be sent, byte for byte.",
            "null says that the device is up to date. With --json, the manifest is a member of a document."
        },
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.INTERRUPTED,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class ManifestCommand implements Callable<Integer> {
    @ParentCommand
    private OtaCommand ota;

    @Spec
    private CommandSpec verb;

    @Mixin
    private RootOption root;

    @Option(
            names = "--current-ver",
            paramLabel = "V",
            defaultValue = "",
            description = "Version the device reports. Default: none, as a device that knows no version.")
    private String currentVersion;

    @Option(
            names = "--host",
            paramLabel = "H",
            defaultValue = "127.0.0.1:8000",
            description = "Host and port in the URLs. Default: ${DEFAULT-VALUE}.")
    private String host;

    @Override
    public Integer call() throws CommandFailure, IOException {
        Console console = ota.console();
        String baseUrl = ServerAddress.baseUrlFor(host)
                .orElseThrow(() -> WrongValue.of(
                        verb,
                        "--host",
                        host,
                        "expected a name, an IPv4 address or an IPv6 address in brackets, and a port if need be"));
        byte[] answer;
        try (Progress progress = console.progress()) {
            ReleaseRepository repository = root.repository(progress);
            answer = ManifestGenerator.over(repository)
                    .manifestFor(currentVersion)
                    .map(manifest -> ManifestJson.write(manifest, baseUrl))
                    .orElseGet(ManifestJson::upToDate);
            warnOfOmissions(root.releases(repository, console), console);
        }

        JsonNode manifest = new ObjectMapper().readTree(answer);
        console.document(answer);
        console.json(
                "manifest",
                line -> line.put("currentVersion", currentVersion)
                        .put("upToDate", manifest.isNull())
                        .set("manifest", manifest));
        return 0;
    }

    /** In the latest release; what is left out of an older one does not reach the device anyway. */
    private static void warnOfOmissions(List<Release> releases, Console console) throws IOException {
        if (!releases.isEmpty()) {
            RootOption.treeOf(releases.get(releases.size() - 1), console);
        }
    }
}
