package io.overair.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.overair.examples.cli.Console.Paint;
import io.overair.manifest.DevicePath;
import io.overair.manifest.Digest;
import io.overair.server.Release;
import io.overair.tree.FileEntry;
import io.overair.tree.FileTree;
import io.overair.tree.ScanOptions;
import io.overair.tree.TreeDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ota diff}: what changed from one release or folder to another. */
@Command(
        name = "diff",
        description = "Lists the files that differ between two releases or folders.",
        exitCodeList = {
            ExitStatus.DONE,
            ExitStatus.BUG,
            ExitStatus.USAGE,
            ExitStatus.NOT_READABLE,
            ExitStatus.DIFFERENT,
            ExitStatus.NOT_WRITABLE,
            ExitStatus.INTERRUPTED,
            ExitStatus.READER_GONE
        })
@SuppressWarnings("NullAway.Init") // picocli fills in the fields.
final class DiffCommand implements Callable<Integer> {
    private static final int DIFFERENT = 12;

    @ParentCommand
    private OtaCommand ota;

    @Spec
    private CommandSpec verb;

    @Mixin
    private RootOption root;

    @Option(names = "--exit-code", description = "End with status 12 if there are differences.")
    private boolean exitCode;

    @Parameters(index = "0", paramLabel = "A", description = "Release of the root, else a folder: what there was.")
    private String from;

    @Parameters(index = "1", paramLabel = "B", description = "Release of the root, else a folder: what there is now.")
    private String to;

    @Override
    public Integer call() throws CommandFailure, IOException {
        // The empty path is the working directory, which nobody means whose variable is empty.
        if (from.isBlank() || to.isBlank()) {
            throw new ParameterException(verb.commandLine(), "A and B are a release or a folder each, not a blank");
        }
        Console console = ota.console();
        FileTree before;
        FileTree after;
        try (Progress progress = console.progress()) {
            before = tree(from, progress, console);
            after = tree(to, progress, console);
        }
        TreeDiff diff = before.diffTo(after);

        print(before, diff, console);
        console.json("diff", line -> {
            line.put("from", from).put("to", to);
            line.putObject("bytes")
                    .put("added", bytes(diff.added()))
                    .put("changed", bytes(diff.changed()))
                    .put("removed", bytes(diff.removed()));
            putFiles(line, "added", diff.added());
            putFiles(line, "changed", diff.changed());
            line.withArray("changed").forEach(file -> putOldSize((ObjectNode) file, before));
            putFiles(line, "removed", diff.removed());
        });
        return exitCode && !diff.isEmpty() ? DIFFERENT : 0;
    }

    private FileTree tree(String name, Progress progress, Console console) throws CommandFailure, IOException {
        Optional<Release> release = root.repository(progress).releases().stream()
                .filter(candidate -> candidate.version().toString().equals(name))
                .findFirst();
        if (release.isPresent()) {
            return RootOption.treeOf(release.get(), console);
        }
        if (!Files.isDirectory(Path.of(name))) {
            throw new CommandFailure(
                    ErrorCode.NO_SUCH_RELEASE,
                    "\"" + name + "\" is neither a release nor a folder",
                    "--root DIR names the directory that holds the releases.");
        }
        FileTree tree = FileTree.scan(Path.of(name), ScanOptions.defaults().listener(progress));
        RootOption.warnOfOmissions(tree, name, console);
        return tree;
    }

    private void print(FileTree before, TreeDiff diff, Console console) {
        console.result("%s -> %s   %s, %s, %s"
                .formatted(
                        from,
                        to,
                        total(diff.added(), "added"),
                        total(diff.changed(), "changed"),
                        total(diff.removed(), "removed")));
        diff.added().forEach((path, entry) -> printFile(console, Paint.GREEN, "+", path, Bytes.toText(entry.size())));
        diff.changed().forEach((path, entry) -> {
            FileEntry old = Objects.requireNonNull(before.files().get(path));
            String sizes = Bytes.toText(old.size()) + " -> " + Bytes.toText(entry.size());
            printFile(console, Paint.YELLOW, "~", path, sizes);
        });
        diff.removed().forEach((path, entry) -> printFile(console, Paint.RED, "-", path, Bytes.toText(entry.size())));
    }

    private static void printFile(Console console, Paint paint, String mark, DevicePath path, String size) {
        console.result("%s %-42s %s".formatted(console.paint(paint, mark), path, size));
    }

    private static void putOldSize(ObjectNode file, FileTree before) {
        DevicePath path = new DevicePath(file.get("path").asText());
        file.put("oldSize", Objects.requireNonNull(before.files().get(path)).size());
    }

    private static String total(SortedMap<DevicePath, FileEntry> files, String what) {
        return "%d %s (%s)".formatted(files.size(), what, Bytes.toText(bytes(files)));
    }

    private static long bytes(SortedMap<DevicePath, FileEntry> files) {
        return files.values().stream().mapToLong(FileEntry::size).sum();
    }

    private static void putFiles(ObjectNode line, String name, SortedMap<DevicePath, FileEntry> files) {
        ArrayNode array = line.putArray(name);
        files.forEach((path, entry) -> {
            ObjectNode file = array.addObject().put("path", path.value()).put("size", entry.size());
            entry.digest(Digest.Algorithm.SHA256).ifPresent(digest -> file.put("sha256", digest.hex()));
        });
    }
}
