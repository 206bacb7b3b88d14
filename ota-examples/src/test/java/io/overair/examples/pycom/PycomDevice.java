package io.overair.examples.pycom;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.overair.manifest.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device that updates itself as the Pycom OTA example does: a directory stands for its file system, with the version in
 * {@code flash/OTA_VERSION.py}.
 *
 * <p>It does the same things in the same order, weaknesses included: it makes no directories, an update cut short can
 * leave files missing, and a firmware image is activated without a look at its hash. The comments count its steps.
 *
 * <p>Left out: the flash itself. An image is written to {@value #WRITTEN_SLOT} and activated by renaming it to
 * {@value #RUNNING_SLOT}. Nor does it join a network or restart.
 *
 * <p>For use by one thread.
 */
public final class PycomDevice {
    /** The image the device runs, below its root. */
    public static final String RUNNING_SLOT = "firmware.bin";

    private static final String WRITTEN_SLOT = "firmware.bin.written";
    private static final String VERSION_FILE = "flash/OTA_VERSION.py";
    private static final Pattern VERSION_LINE = Pattern.compile("VERSION = '([^']*)'\\s*");
    private static final int TRIES = 5;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path root;
    private final PycomClient client;

    /** The device whose files are below {@code root}, updated through {@code client}. */
    public PycomDevice(Path root, PycomClient client) {
        this.root = root.toAbsolutePath().normalize();
        this.client = client;
    }

    /** The version in {@code flash/OTA_VERSION.py}; {@code 1.0.0} if there is none. */
    public String version() throws IOException {
        try {
            Matcher line = VERSION_LINE.matcher(Files.readString(root.resolve(VERSION_FILE)));
            return line.matches() ? line.group(1) : "1.0.0";
        } catch (NoSuchFileException e) {
            return "1.0.0";
        }
    }

    /**
     * Asks for a manifest and follows it: returns the version the device is on now, empty if there was nothing to do.
     *
     * @throws IOException if anything fails. What was done until then stays as it is, and trying again may fail for ever
     */
    public Optional<String> update() throws IOException {
        // 1 and 2: the version pasted into the request as it is, and whatever comes back believed.
        JsonNode manifest = fetchManifest(version());
        if (manifest.isNull()) {
            return Optional.empty();
        }
        List<JsonNode> files = new ArrayList<>();
        member(manifest, "new").forEach(files::add);
        member(manifest, "update").forEach(files::add);

        // 3: everything is downloaded beside its place.
        for (JsonNode file : files) {
            download(file);
        }
        // 4: from here to the end of 5 the files to be replaced are missing.
        for (JsonNode file : member(manifest, "update")) {
            backUp(destination(file), ".bak");
        }
        // 5
        for (JsonNode file : files) {
            rename(suffixed(destination(file), ".new"), destination(file));
        }
        // 6
        for (JsonNode path : member(manifest, "delete")) {
            backUp(onDevice(path.asText()), ".bak_del");
        }
        // 7
        if (manifest.has("firmware")) {
            flash(member(manifest, "firmware"));
        }
        // 8
        String version = member(manifest, "version").asText();
        writeVersion(version);
        // 9 would be the restart.
        return Optional.of(version);
    }

    private JsonNode fetchManifest(String currentVersion) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        client.get("manifest.json?current_ver=" + currentVersion, body);
        JsonNode manifest = JSON.readTree(body.toByteArray());
        if (manifest.isMissingNode()) {
            throw new IOException("the manifest is empty");
        }
        return manifest;
    }

    private void download(JsonNode file) throws IOException {
        Path written = suffixed(destination(file), ".new");
        String expected = member(file, "hash").asText();
        IOException problem = new IOException(written + " could not be downloaded in " + TRIES + " tries");
        for (int i = 0; i < TRIES; i++) {
            try {
                Files.deleteIfExists(written);
                String actual = fetch(file, written);
                if (actual.equals(expected)) {
                    return;
                }
                problem.addSuppressed(new IOException("expected sha1 " + expected + ", got " + actual));
            } catch (IOException e) {
                problem.addSuppressed(e);
            }
        }
        throw problem;
    }

    /** No second try, no comparison: what arrived is what runs next, unless the connection broke. */
    private void flash(JsonNode image) throws IOException {
        Path written = root.resolve(WRITTEN_SLOT);
        fetch(image, written);
        rename(written, root.resolve(RUNNING_SLOT));
    }

    /** Fetches what {@code target} refers to into {@code file} and returns its SHA-1 in hexadecimal. */
    private String fetch(JsonNode target, Path file) throws IOException {
        MessageDigest sha1 = Digest.Algorithm.SHA1.newMessageDigest();
        try (OutputStream content = new DigestOutputStream(Files.newOutputStream(file), sha1)) {
            client.get(pathOf(member(target, "URL").asText()), content);
        }
        return Digest.of(Digest.Algorithm.SHA1, sha1.digest()).hex();
    }

    /** What follows the third slash: scheme, host and port of a URL mean nothing to this client. */
    private static String pathOf(String url) throws IOException {
        String[] parts = url.split("/", 4);
        if (parts.length < 4) {
            throw new IOException("no path in " + url);
        }
        return parts[3];
    }

    private void writeVersion(String version) throws IOException {
        Path file = root.resolve(VERSION_FILE);
        if (Files.exists(file)) {
            backUp(file, ".bak");
        }
        Files.writeString(file, "VERSION = '" + version + "'");
    }

    /** Fails if there is no such file, having deleted the backup that an earlier attempt made. */
    private static void backUp(Path file, String suffix) throws IOException {
        Files.deleteIfExists(suffixed(file, suffix));
        rename(file, suffixed(file, suffix));
    }

    /** As rename(2) does it: over a file that is there, not over a directory. */
    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path suffixed(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private Path destination(JsonNode file) throws IOException {
        return onDevice(member(file, "dst_path").asText());
    }

    /** A device has nothing above its root, so neither has the directory that stands for it. */
    private Path onDevice(String path) throws IOException {
        Path file = Path.of(root + "/" + path).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new IOException(path + " is not on the device");
        }
        return file;
    }

    private static JsonNode member(JsonNode object, String name) throws IOException {
        JsonNode member = object.get(name);
        if (member == null) {
            throw new IOException("the manifest has no \"" + name + "\" where there must be one");
        }
        return member;
    }
}
