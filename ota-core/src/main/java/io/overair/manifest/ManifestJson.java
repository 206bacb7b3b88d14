package io.overair.manifest;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import io.overair.version.LooseVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest on the wire, as the Pycom OTA example writes and reads it:
 *
 * <pre>{@code
 * {
 *     "delete": [                           files to remove, without a leading slash
 *         "flash/lib/old.py"
 *     ],
 *     "firmware": {                         the image to flash; absent if there is none
 *         "URL": "http://ota.test:8000/firmware_1.0.1.bin",
 *         "hash": "…"                       SHA-1 in hexadecimal
 *     },
 *     "new": [],                            files to add, in the form of "update"
 *     "previous_version": "1.0.0",          where the device comes from; the Pycom OTA example never sends it
 *     "update": [                           files to change
 *         {
 *             "URL": "http://ota.test:8000/1.0.1/flash/main.py",
 *             "dst_path": "/flash/main.py", with a leading slash
 *             "hash": "…"
 *         }
 *     ],
 *     "version": "1.0.1"                    what the device has afterwards
 * }
 * }</pre>
 *
 * <p>A device that is up to date gets {@code null} instead. Thread-safe.
 */
public final class ManifestJson {
    /** Longest version accepted, in characters: it is the name of a directory on the server. */
    private static final int MAX_VERSION_LENGTH = 255;

    /** Most members of one object, unknown ones included: their names are kept to notice one that comes twice. */
    private static final int MAX_MEMBERS = 1000;

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(64 * 1024)
                    .maxNumberLength(20)
                    .maxNameLength(256)
                    .build())
            // Messages end up in logs, text from outside does not belong there.
            .errorReportConfiguration(
                    ErrorReportConfiguration.builder().maxErrorTokenLength(0).build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Names from outside must not stay in tables that outlive the document.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private ManifestJson() {}

    /** As {@link #read(InputStream, ManifestLimits)}, within {@link ManifestLimits#defaults()}. */
    public static Optional<Manifest> read(InputStream json) throws IOException {
        return read(json, ManifestLimits.defaults());
    }

    /**
     * The manifest that {@code json} holds; empty for {@code null}, which says that a device is up to date.
     *
     * <p>Members that are not known are skipped. {@code version}, {@code new}, {@code update} and {@code delete} must be
     * there; {@code firmware} and {@code previous_version} may be missing or {@code null}. Every path may start with one
     * {@code /} or with none. An empty document is an error: it is what a server sends that died while answering.
     *
     * <p>Reads the stream to its end, or to the first byte beyond the limit, and leaves closing it to the caller.
     *
     * @throws ManifestException if the content is anything but such a manifest in strict JSON and UTF-8
     * @throws IOException if {@code json} cannot be read, as it threw it
     */
    public static Optional<Manifest> read(InputStream json, ManifestLimits limits) throws IOException {
        // Not left to the parser, which would guess the encoding and, without its table of names, replace bad bytes.
        Reader text = new InputStreamReader(
                new CappedInputStream(json, limits.maxBytes()), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = JSON.createParser(text)) {
            return new Document(parser, limits).read();
        }
    }

    /**
     * The JSON of {@code manifest}, byte for byte what Python's {@code json.dumps} makes of it in the Pycom OTA example,
     * but with sorted lists: ASCII only, four blanks of indentation, no line feed at the end.
     *
     * @param baseUrl the server's address without a {@code /} at the end, such as {@code http://ota.test:8000}; it is put
     *     in front of every reference that is not a whole URL already
     * @throws IllegalArgumentException if a target has no SHA-1 digest
     */
    public static byte[] write(Manifest manifest, String baseUrl) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(json, JsonEncoding.UTF8)) {
            generator.setCharacterEscapes(new PythonEscapes());
            generator.setPrettyPrinter(asPythonIndents());
            write(manifest, baseUrl, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return json.toByteArray();
    }

    /** The JSON that says that a device is up to date. */
    public static byte[] upToDate() {
        return "null".getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(Manifest manifest, String baseUrl, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("delete");
        for (DevicePath path : manifest.removed()) {
            json.writeString(path.value());
        }
        json.writeEndArray();
        if (manifest.firmware().isPresent()) {
            FirmwareImage image = manifest.firmware().get();
            json.writeObjectFieldStart("firmware");
            json.writeStringField("URL", url(image, baseUrl));
            json.writeStringField("hash", sha1(image));
            json.writeEndObject();
        }
        writeFiles("new", manifest.added(), baseUrl, json);
        if (manifest.previousVersion().isPresent()) {
            json.writeStringField(
                    "previous_version", manifest.previousVersion().get().toString());
        }
        writeFiles("update", manifest.changed(), baseUrl, json);
        json.writeStringField("version", manifest.version().toString());
        json.writeEndObject();
    }

    private static void writeFiles(String member, List<TargetFile> files, String baseUrl, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(member);
        for (TargetFile file : files) {
            json.writeStartObject();
            json.writeStringField("URL", url(file, baseUrl));
            json.writeStringField("dst_path", "/" + file.path());
            json.writeStringField("hash", sha1(file));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String url(Target target, String baseUrl) {
        String reference = target.reference();
        return SCHEME.matcher(reference).lookingAt() ? reference : baseUrl + "/" + reference;
    }

    private static String sha1(Target target) {
        return target.digest(Digest.Algorithm.SHA1)
                .orElseThrow(() -> new IllegalArgumentException(
                        target.reference() + " has no SHA-1 digest, and this form of manifest has room for no other"))
                .hex();
    }

    private static PrettyPrinter asPythonIndents() {
        DefaultIndenter lines = new DefaultIndenter("    ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Spacing.AFTER)
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(lines)
                .withArrayIndenter(lines);
    }

    /** Python also escapes the one ASCII control character beyond the printable ones. */
    private static final class PythonEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes[0x7F] = ESCAPE_STANDARD;
            return escapes;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return null;
        }
    }

    /** One document while it is read. */
    private static final class Document {
        private final JsonParser parser;
        private final ManifestLimits limits;
        private int files;

        /** The known member whose value is being read, for messages; never text from outside. */
        private String member = "";

        Document(JsonParser parser, ManifestLimits limits) {
            this.parser = parser;
            this.limits = limits;
        }

        Optional<Manifest> read() throws IOException {
            try {
                JsonToken first = parser.nextToken();
                if (first == null) {
                    throw problem("the document is empty, as when a server dies while answering");
                }
                Optional<Manifest> manifest =
                        first == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(readManifest());
                if (parser.nextToken() != null) {
                    throw problem("something follows the end of the document");
                }
                return manifest;
            } catch (JsonEOFException e) {
                throw ManifestException.cutShort(member, e);
            } catch (StreamConstraintsException e) {
                throw problem("a value or name is too long, or nested too deeply", e);
            } catch (JsonProcessingException e) {
                throw problem("no strict JSON at " + e.getLocation().offsetDescription(), e);
            } catch (CharacterCodingException e) {
                throw problem("the document is not UTF-8", e);
            }
        }

        private Manifest readManifest() throws IOException {
            ManifestMembers members = new ManifestMembers();
            readObject(Map.of(
                    "version", () -> members.version = readText(Document::version),
                    "previous_version", () -> members.previousVersion = readOptional(() -> readText(Document::version)),
                    "new", () -> members.added = readList(this::readFile),
                    "update", () -> members.changed = readList(this::readFile),
                    "delete", () -> members.removed = readList(() -> readText(DevicePath::new)),
                    "firmware", () -> members.firmware = readOptional(this::readFirmware)));
            LooseVersion version = present("version", members.version);
            List<TargetFile> added = present("new", members.added);
            List<TargetFile> changed = present("update", members.changed);
            List<DevicePath> removed = present("delete", members.removed);
            Manifest manifest = checked(
                    () -> new Manifest(version, members.previousVersion, added, changed, removed, members.firmware));
            checkFolders(manifest);
            return manifest;
        }

        /** A short document may ask for many: each path may name dozens, and a device has to keep them all in mind. */
        private void checkFolders(Manifest manifest) throws ManifestException {
            long folders = 0;
            long characters = 0;
            String before = "";
            // In this order, all that lies in a folder stands together.
            for (DevicePath path : (Iterable<DevicePath>)
                    manifest.files().map(TargetFile::path).sorted()::iterator) {
                String file = path.value();
                for (int end = file.indexOf('/', commonStart(before, file));
                        end >= 0;
                        end = file.indexOf('/', end + 1)) {
                    folders++;
                    characters += end;
                }
                before = file;
            }
            if (folders > limits.maxFiles()) {
                throw problem("files in more than " + limits.maxFiles() + " folders");
            }
            if (characters > limits.maxBytes()) {
                throw problem("files in folders with names of more than " + limits.maxBytes() + " characters");
            }
        }

        private static int commonStart(String one, String other) {
            int length = 0;
            int most = Math.min(one.length(), other.length());
            while (length < most && one.charAt(length) == other.charAt(length)) {
                length++;
            }
            return length;
        }

        private TargetFile readFile() throws IOException {
            TargetMembers members = new TargetMembers();
            readObject(Map.of(
                    "dst_path", () -> members.path = readText(DevicePath::new),
                    "URL", () -> members.reference = readText(Document::reference),
                    "hash", () -> members.digest = readText(Document::sha1)));
            return new TargetFile(
                    present("dst_path", members.path),
                    present("URL", members.reference),
                    List.of(present("hash", members.digest)),
                    OptionalLong.empty());
        }

        private FirmwareImage readFirmware() throws IOException {
            TargetMembers members = new TargetMembers();
            readObject(Map.of(
                    "URL", () -> members.reference = readText(Document::reference),
                    "hash", () -> members.digest = readText(Document::sha1)));
            return new FirmwareImage(
                    present("URL", members.reference), List.of(present("hash", members.digest)), OptionalLong.empty());
        }

        private void readObject(Map<String, MemberReader> readers) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw problem("expected an object, not " + currentValue());
            }
            String object = member;
            Set<String> names = new HashSet<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                MemberReader reader = readers.get(name);
                if (reader != null) {
                    member = memberOf(object, name);
                }
                if (!names.add(name)) {
                    throw problem(reader != null ? "comes twice" : "an unknown member comes twice");
                }
                if (names.size() > MAX_MEMBERS) {
                    throw problem("more than " + MAX_MEMBERS + " members");
                }
                parser.nextToken();
                if (reader != null) {
                    reader.read();
                } else {
                    skipValue();
                }
                member = object;
            }
        }

        private <T> List<T> readList(ValueReader<T> reader) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw problem("expected a list, not " + currentValue());
            }
            String list = member;
            List<T> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (++files > limits.maxFiles()) {
                    throw problem("more than " + limits.maxFiles() + " files");
                }
                member = list + "[" + values.size() + "]";
                values.add(reader.read());
                member = list;
            }
            return values;
        }

        private <T> Optional<T> readOptional(ValueReader<T> reader) throws IOException {
            return parser.currentToken() == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(reader.read());
        }

        private <T> T readText(Function<String, T> parse) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw problem("expected a text, not " + currentValue());
            }
            String text = parser.getText();
            if (text.codePoints().anyMatch(character -> Character.getType(character) == Character.SURROGATE)) {
                throw problem("half of a surrogate pair");
            }
            return checked(() -> parse.apply(text));
        }

        /** Passes over one value of any kind, still looking for members that come twice. */
        private void skipValue() throws IOException {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                readObject(Map.of());
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    skipValue();
                }
            }
        }

        private String currentValue() {
            return switch (parser.currentToken()) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "a list";
                case VALUE_STRING -> "a text";
                case VALUE_NULL -> "null";
                case VALUE_TRUE, VALUE_FALSE -> "true or false";
                default -> "a number";
            };
        }

        private <T> T present(String name, @Nullable T value) throws ManifestException {
            if (value == null) {
                throw new ManifestException(memberOf(member, name), "is missing");
            }
            return value;
        }

        private <T> T checked(Supplier<T> value) throws ManifestException {
            try {
                return value.get();
            } catch (IllegalArgumentException e) {
                throw problem(String.valueOf(e.getMessage()), e);
            }
        }

        private ManifestException problem(String problem) {
            return new ManifestException(member, problem);
        }

        private ManifestException problem(String problem, Exception cause) {
            return new ManifestException(member, problem, cause);
        }

        private static String memberOf(String object, String name) {
            return object.isEmpty() ? name : object + "." + name;
        }

        private static LooseVersion version(String text) {
            if (text.length() > MAX_VERSION_LENGTH) {
                throw new IllegalArgumentException("a version of more than " + MAX_VERSION_LENGTH + " characters");
            }
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a version with a control character");
            }
            return LooseVersion.parse(text);
        }

        private static String reference(String text) {
            TargetChecks.checkReference(text);
            return text;
        }

        private static Digest sha1(String text) {
            return new Digest(Digest.Algorithm.SHA1, text);
        }
    }

    @FunctionalInterface
    private interface MemberReader {
        void read() throws IOException;
    }

    @FunctionalInterface
    private interface ValueReader<T> {
        T read() throws IOException;
    }

    /** What has been read of the document. */
    private static final class ManifestMembers {
        private @Nullable LooseVersion version;
        private Optional<LooseVersion> previousVersion = Optional.empty();
        private @Nullable List<TargetFile> added;
        private @Nullable List<TargetFile> changed;
        private @Nullable List<DevicePath> removed;
        private Optional<FirmwareImage> firmware = Optional.empty();
    }

    /** What has been read of a file or an image. */
    private static final class TargetMembers {
        private @Nullable DevicePath path;
        private @Nullable String reference;
        private @Nullable Digest digest;
    }
}
