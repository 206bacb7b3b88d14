package io.overair.server;

import io.overair.manifest.DevicePath;
import io.overair.manifest.Manifest;
import io.overair.server.OtaRequest.Protocol;
import io.overair.server.OtaResponse.Delivery;
import io.overair.tree.ReleaseLayout;
import io.overair.tree.TreeChangedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the requests of devices, as a function of values: it knows no web server, starts no threads and is safe for
 * use by many at once.
 *
 * <p>{@code GET /manifest.json?current_ver=1.0.0} brings the manifest for a device on that version; every other path
 * brings a file. To clients that speak HTTP/1.1, HEAD, single byte ranges, strong entity tags and conditional requests
 * are answered as in RFC 9110; others get every answer whole.
 */
public final class OtaHandler {
    /** Content up to this size, in bytes, is kept in memory for a moment; larger content is sent from where it lies. */
    private static final int SMALL = 64 * 1024;

    private static final System.Logger LOGGER = System.getLogger("io.overair.server");
    private static final Map<String, String> RETRY_LATER = Map.of("Retry-After", "1");

    private final ReleaseRepository repository;
    private final ManifestGenerator generator;
    private final ServerAddress address;
    private final Exposure exposure;
    private final OtaListener listener;
    private final EncodedManifests manifests;
    private final Map<String, String> manifestHeaders;
    private final RecentResources recent;

    private OtaHandler(Builder builder) {
        repository = builder.repository;
        generator = builder.generator;
        address = builder.address;
        exposure = builder.exposure;
        listener = builder.listener;
        recent = new RecentResources(builder.memory / 2, builder.freshness);
        // A device that is told of new files must not be given old ones from memory.
        manifests = new EncodedManifests(builder.memory / 2, recent::outdate);
        manifestHeaders = address.dependsOnRequest() ? Map.of("Vary", "Host") : Map.of();
    }

    /** A handler over {@code repository} with every option as the Pycom server has it. */
    public static OtaHandler of(ReleaseRepository repository) {
        return builder(repository).build();
    }

    /** A handler over {@code repository}, to be adjusted. */
    public static Builder builder(ReleaseRepository repository) {
        return new Builder(repository);
    }

    /**
     * Answers {@code request}. Never throws: what a client, a disk or a repository does wrong becomes a status. May read
     * the disk and hash files, so not for a thread that must not wait. The caller closes the response.
     */
    public OtaResponse handle(OtaRequest request) {
        try {
            return delivered(request, answer(request));
        } catch (TreeChangedException | NoSuchFileException e) { // somebody is at work there
            return failed(request, e, 503);
        } catch (IOException | RuntimeException e) {
            return failed(request, e, 500);
        }
    }

    /**
     * The same answer, if it was given a moment ago and is still in memory; empty if the disk may be needed: then call
     * {@link #handle} where waiting is allowed. Never waits, so it is for event loops.
     */
    public Optional<OtaResponse> handleFromMemory(OtaRequest request) {
        return recent.get(question(request, new RequestTarget(request.target())))
                .filter(resource -> isGetOrHead(request))
                .map(resource -> delivered(request, Answer.about(resource, request)));
    }

    /**
     * The answer of a web server that cannot or will not have {@code request} handled: {@code status} without a body, or
     * nothing at all for a client that would take that for firmware.
     */
    public OtaResponse refuse(OtaRequest request, int status) {
        return delivered(request, Answer.refusal(status, status == 503 ? RETRY_LATER : Map.of()));
    }

    private OtaResponse failed(OtaRequest request, Exception problem, int status) {
        try {
            listener.failed(request, problem);
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "a listener failed", e);
        }
        return refuse(request, status);
    }

    private OtaResponse answer(OtaRequest request) throws IOException {
        if (!isGetOrHead(request)) {
            return Answer.refusal(405, Map.of("Allow", "GET, HEAD"));
        }
        RequestTarget target = new RequestTarget(request.target());
        RecentResources.Question question = question(request, target);
        long generation = recent.generation();
        Optional<Resource> found = target.isManifest()
                ? Optional.of(manifest(request, target, recent.last(question)))
                : file(target, recent.last(question));
        if (found.isEmpty()) {
            return Answer.refusal(404, Map.of());
        }
        Resource resource = found.get();
        if (resource instanceof Resource.InMemory inMemory) {
            // A new manifest outdates the files that were found before it, not itself.
            recent.put(question, inMemory, target.isManifest() ? recent.generation() : generation);
        }
        OtaResponse response = Answer.about(resource, request);
        if (response.body() instanceof OtaResponse.Body.None) {
            resource.close();
        }
        return response;
    }

    private Resource manifest(OtaRequest request, RequestTarget target, Optional<Resource.InMemory> last)
            throws IOException {
        Optional<Manifest> manifest = generate(target.currentVersion());
        Content json = manifest.isPresent()
                ? manifests.of(manifest.get()).content(address.baseUrlFor(request))
                : new UpToDate();
        return resource(json, "application/json", "no-store", manifestHeaders, last);
    }

    private Optional<Manifest> generate(String currentVersion) throws IOException {
        try {
            return generator.manifestFor(currentVersion);
        } catch (NoSuchFileException removedMeanwhile) {
            return generator.manifestFor(currentVersion);
        }
    }

    private Optional<Resource> file(RequestTarget target, Optional<Resource.InMemory> last) throws IOException {
        for (String name : target.fileNames()) {
            Optional<Content> content = isExposed(name) ? repository.open(name) : Optional.empty();
            if (content.isPresent()) {
                return Optional.of(resource(content.get(), "application/octet-stream", "no-cache", Map.of(), last));
            }
        }
        return Optional.empty();
    }

    private boolean isExposed(String name) throws IOException {
        if (exposure == Exposure.EVERY_FILE) {
            return true;
        }
        int slash = name.indexOf('/');
        if (slash < 0) {
            return ReleaseLayout.firmwareVersion(name).isPresent();
        }
        for (Release release : repository.releases()) {
            if (release.version().toString().equals(name.substring(0, slash))) {
                return contains(release, name.substring(slash + 1));
            }
        }
        return false;
    }

    private static boolean contains(Release release, String path) throws IOException {
        DevicePath devicePath;
        try {
            devicePath = new DevicePath(path);
        } catch (IllegalArgumentException noDevicePath) {
            return false;
        }
        return release.contains(devicePath);
    }

    private static Resource resource(
            Content content,
            String contentType,
            String cacheControl,
            Map<String, String> more,
            Optional<Resource.InMemory> last)
            throws IOException {
        Optional<String> tag = content.entityTag().map(text -> '"' + text + '"');
        if (tag.isPresent() && last.isPresent() && last.get().entityTag().equals(tag)) {
            content.close();
            return last.get().outsideTheHeap(); // asked for again: worth it
        }
        Map<String, String> headers = Resource.headers(contentType, cacheControl, tag, more);
        if (content.size() > SMALL) {
            return new Resource.Opened(headers, tag, content);
        }
        try (content) {
            return new Resource.InMemory(headers, tag, readAll(content));
        }
    }

    private static ByteBuffer readAll(Content content) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
        SeekableByteChannel channel = content.channel();
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("content became shorter while it was read");
            }
        }
        return bytes.flip();
    }

    private OtaResponse delivered(OtaRequest request, OtaResponse response) {
        boolean isFirmwareMissed = response.status() != 200
                && request.protocol() == Protocol.HTTP_1_0
                && new RequestTarget(request.target()).looksLikeFirmware();
        OtaResponse delivered = isFirmwareMissed ? response.delivered(Delivery.RESET) : response;
        try {
            listener.answered(request, delivered);
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "a listener failed", e);
        }
        return delivered;
    }

    private RecentResources.Question question(OtaRequest request, RequestTarget target) {
        return new RecentResources.Question(
                request.target(), target.isManifest() ? request.host().orElse(request.serverAddress()) : "");
    }

    private static boolean isGetOrHead(OtaRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** Options of a handler, each as the Pycom server has it until it is set. */
    public static final class Builder {
        private static final long MOST_MEMORY = 16L << 20;

        private final ReleaseRepository repository;
        private ManifestGenerator generator;
        private ServerAddress address = ServerAddress.asAskedFor();
        private Exposure exposure = Exposure.EVERY_FILE;
        private OtaListener listener = new LoggingListener();
        private Duration freshness = Duration.ofSeconds(1);
        private long memory = Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 8);

        private Builder(ReleaseRepository repository) {
            this.repository = repository;
            this.generator = ManifestGenerator.over(repository);
        }

        /** Who decides what a device should install; by default, every device is led to the latest release. */
        public Builder generator(ManifestGenerator decider) {
            generator = decider;
            return this;
        }

        /**
         * What the URLs in manifests begin with, such as {@code http://192.168.1.144:8000}. By default, each client is
         * given the address it used itself, from its {@code Host} header.
         *
         * @throws IllegalArgumentException if it is not an absolute http or https URL, or has a query or credentials
         */
        public Builder baseUrl(URI base) {
            address = ServerAddress.of(base);
            return this;
        }

        /** Which files are served; by default, every one in the repository. */
        public Builder exposure(Exposure exposed) {
            exposure = exposed;
            return this;
        }

        /** Who is told of answers and failures; by default, failures go to the logger {@code io.overair.server}. */
        public Builder listener(OtaListener told) {
            listener = told;
            return this;
        }

        /** How long {@link OtaHandler#handleFromMemory} may repeat an answer; by default a second. */
        public Builder freshness(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("a freshness of " + longest);
            }
            freshness = longest;
            return this;
        }

        /**
         * How many bytes of manifests and small files are kept in memory; by default 16 MiB, or an eighth of the heap if
         * that is less.
         */
        public Builder memory(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a memory of " + bytes + " bytes");
            }
            memory = bytes;
            return this;
        }

        /** The handler. */
        public OtaHandler build() {
            return new OtaHandler(this);
        }
    }
}
