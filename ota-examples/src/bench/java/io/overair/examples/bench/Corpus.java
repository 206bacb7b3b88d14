package io.overair.examples.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The files that are served, the same in every run. What is downloaded lies in an old release, so that manifests from
 * 1.0.0 to 1.0.1 have nothing to do with it.
 */
record Corpus(Path folder) {
    static final String MANIFEST = "/manifest.json?current_ver=1.0.0";
    static final String FILE_1_KB = "/0.9.0/flash/lib/1k.bin";
    static final String FILE_64_KB = "/0.9.0/flash/lib/64k.bin";
    static final String FILE_10_MB = "/0.9.0/flash/lib/10m.bin";
    static final String IMAGE = "/firmware_1.0.1.bin";

    private static final int FOLDERS = 100;
    private static final int FILES_PER_FOLDER = 100;

    /** Fills {@code folder}, which is emptied before. */
    static Corpus in(Path folder) throws IOException {
        Corpus corpus = new Corpus(folder);
        corpus.delete();
        Files.createDirectories(folder);
        corpus.fillSmall();
        corpus.fillLarge();
        fillImage(corpus.image64MiB(), 64L << 20);
        fillImage(corpus.image1GiB(), 1L << 30);
        return corpus;
    }

    /** Two releases of three files, and files of every size in an older one. */
    Path small() {
        return folder.resolve("small");
    }

    /** Two releases of 10,000 files, one in a hundred of which differ. */
    Path large() {
        return folder.resolve("large");
    }

    Path image64MiB() {
        return folder.resolve("image-64-mib");
    }

    Path image1GiB() {
        return folder.resolve("image-1-gib");
    }

    void delete() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void fillSmall() throws IOException {
        for (String version : List.of("1.0.0", "1.0.1")) {
            write(small().resolve(version + "/flash/boot.py"), "import main\n".getBytes(UTF_8));
            write(small().resolve(version + "/flash/main.py"), ("print('" + version + "')\n").getBytes(UTF_8));
        }
        write(small().resolve("1.0.1/flash/lib/meter.py"), "def read(): return 42\n".getBytes(UTF_8));
        Random random = new Random(1);
        write(small().resolve(FILE_1_KB.substring(1)), bytes(random, 1 << 10));
        write(small().resolve(FILE_64_KB.substring(1)), bytes(random, 64 << 10));
        write(small().resolve(FILE_10_MB.substring(1)), bytes(random, 10 << 20));
    }

    /** What both releases have in common is one file under two names: half the disk. */
    private void fillLarge() throws IOException {
        Random random = new Random(2);
        for (int file = 0; file < FOLDERS * FILES_PER_FOLDER; file++) {
            String name = "flash/d%02d/f%04d.bin".formatted(file / FILES_PER_FOLDER, file);
            Path before = large().resolve("1.0.0").resolve(name);
            Path after = large().resolve("1.0.1").resolve(name);
            write(before, bytes(random, random.nextInt(50_000)));
            if (file % 100 == 0) {
                write(after, bytes(random, random.nextInt(50_000)));
            } else {
                Files.createDirectories(after.getParent());
                Files.createLink(after, before);
            }
        }
    }

    /** A file of zeros that takes no room on most file systems. */
    static void fillImage(Path root, long size) throws IOException {
        write(root.resolve("1.0.1/flash/main.py"), "print('1.0.1')\n".getBytes(UTF_8));
        try (RandomAccessFile image = new RandomAccessFile(root + IMAGE, "rw")) {
            image.setLength(size);
        }
    }

    static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
