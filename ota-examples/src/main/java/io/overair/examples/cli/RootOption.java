package io.overair.examples.cli;

import io.overair.server.DirectoryListener;
import io.overair.server.DirectoryOptions;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import io.overair.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --root}, and the repository it names. */
final class RootOption {
    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Directory with the version folders and the images. Default: the working directory.")
    private Path root = Path.of(".");

    /** The repository; {@code progress} is told what it reads, and nobody what is wrong with it. */
    ReleaseRepository repository(Progress progress) throws CommandFailure, IOException {
        return repository(progress, new DirectoryListener() {});
    }

    /** The repository; {@code progress} is told what it reads, and {@code listener} what is wrong with it. */
    ReleaseRepository repository(Progress progress, DirectoryListener listener) throws CommandFailure, IOException {
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ErrorCode.NOT_FOUND,
                    "there is no directory " + directory,
                    "--root DIR names the directory that holds the version folders.");
        }
        if (!Files.isReadable(directory)) {
            throw new CommandFailure(
                    ErrorCode.NOT_READABLE, "not allowed to read " + directory, "Check who may read it.");
        }
        return ReleaseRepository.inDirectory(
                directory, DirectoryOptions.defaults().listener(listener).scanning(scan -> scan.listener(progress)));
    }

    /** The releases of {@code repository}, oldest first, after a warning if there are none. */
    List<Release> releases(ReleaseRepository repository, Console console) throws IOException {
        List<Release> releases = repository.releases();
        if (releases.isEmpty()) {
            console.warning("no releases in " + directory());
        }
        return releases;
    }

    private Path directory() {
        return root.toAbsolutePath().normalize();
    }

    /** The files of {@code release}, after a warning for each that was left out. */
    static FileTree treeOf(Release release, Console console) throws IOException {
        FileTree tree = release.tree();
        warnOfOmissions(tree, release.version().toString(), console);
        return tree;
    }

    static void warnOfOmissions(FileTree tree, String name, Console console) {
        tree.omissions().forEach(omission -> console.warning("left out of " + name + ": " + omission));
    }
}
