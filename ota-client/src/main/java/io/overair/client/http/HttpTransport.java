package io.overair.client.http;

import io.overair.client.Download;
import io.overair.client.NoSuchResourceException;
import io.overair.client.Transport;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Updates over HTTP, from the Pycom server or any other that has its paths.
 *
 * <p>Every path is sent exactly as the manifest has it; one that HTTP could carry only in another form is refused with a
 * {@link NoSuchResourceException}, as are {@code .} and {@code ..} in it, and redirects. The host is always the one
 * configured, whatever a manifest says. Nothing is compressed on the way. Messages show paths
 * without query.
 *
 * <p>Certificates are checked as the platform does it; there is no switch that turns this off, only
 * {@link Builder#tls} for other authorities and for certificates of the device's own. An interrupt ends a transfer at once.
 */
public final class HttpTransport implements Transport {
    /** Strong entity tags of what is being fetched; a transfer that is resumed is most likely among the last. */
    private static final int TAGS_KEPT = 16;

    /**
     * Connections idle for longer are not used again. Servers close idle ones when they like, and a request that meets
     * such an end fails; short pauses are those between the files of one update.
     */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(5);

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern STRONG_TAG = Pattern.compile("\"[\\x21\\x23-\\x7e]*\"");

    private final Calls calls;
    private final BaseUrl base;
    private final Map<String, String> headers;
    private final Map<String, String> tags = new LinkedHashMap<>(TAGS_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > TAGS_KEPT;
        }
    };

    private HttpTransport(Builder builder) {
        base = builder.base;
        headers = Map.copyOf(builder.headers);
        OkHttpClient.Builder options = new OkHttpClient.Builder()
                .socketFactory(new InterruptibleSockets())
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectionPool(new ConnectionPool(1, LONGEST_IDLE.toMillis(), TimeUnit.MILLISECONDS))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(builder.connectTimeout)
                .readTimeout(builder.readTimeout)
                .writeTimeout(builder.readTimeout)
                .callTimeout(builder.callTimeout);
        if (builder.sockets != null && builder.trust != null) {
            options.sslSocketFactory(builder.sockets, builder.trust);
        }
        calls = new Calls(options.build(), builder.headTimeout, builder.readTimeout);
    }

    /**
     * A transport to the server at {@code baseUrl}, such as {@code http://192.168.4.1:8000}, with the default options.
     *
     * @throws IllegalArgumentException as {@link #builder}
     */
    public static HttpTransport to(String baseUrl) {
        return builder(baseUrl).build();
    }

    /**
     * Options for a transport to the server at {@code baseUrl}; the manifest is asked for below its path, if it has one.
     *
     * @throws IllegalArgumentException if that is no URL of {@code http} or {@code https}, or has a user, a query or a
     *     fragment; the message does not repeat it, since it may hold a password
     */
    public static Builder builder(String baseUrl) {
        return new Builder(baseUrl);
    }

    @Override
    public Download fetch(String reference, long offset) throws IOException {
        HttpUrl url = base.resolve(reference);
        if (offset > 0) {
            Optional<Download> rest = fetchRest(url, offset);
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        return fetchWhole(url);
    }

    private Download fetchWhole(HttpUrl url) throws IOException {
        Response response = calls.execute(request(url));
        try {
            if (response.code() != 200) {
                throw refusal(url, response);
            }
            return whole(url, response);
        } catch (IOException e) {
            response.close();
            throw e;
        }
    }

    /** Empty if the server cannot give the rest from exactly there: then only the whole helps. */
    private Optional<Download> fetchRest(HttpUrl url, long offset) throws IOException {
        Request.Builder request = request(url).header("Range", "bytes=" + offset + "-");
        String tag = knownTag(url);
        if (tag != null) {
            // Without a tag, as in a new process, the hash of the whole has to tell whether the two parts belong
            // together.
            request.header("If-Range", tag);
        }
        Response response = calls.execute(request);
        try {
            switch (response.code()) {
                case 200 -> {
                    return Optional.of(whole(url, response));
                }
                case 206 -> {
                    OptionalLong total = totalIfRestFrom(offset, response);
                    if (total.isPresent()) {
                        checkNotEncoded(url, response);
                        return Optional.of(new Download(calls.content(response), offset, total));
                    }
                    response.close();
                    return Optional.empty();
                }
                case 416 -> {
                    response.close();
                    return Optional.empty();
                }
                default -> throw refusal(url, response);
            }
        } catch (IOException e) {
            response.close();
            throw e;
        }
    }

    private Download whole(HttpUrl url, Response response) throws IOException {
        checkNotEncoded(url, response);
        rememberTag(url, response.header("ETag"));
        long length = response.body().contentLength();
        return new Download(calls.content(response), 0, length < 0 ? OptionalLong.empty() : OptionalLong.of(length));
    }

    /** The length of the whole, if what the answer says of itself is what was asked for: all bytes from there on. */
    private static OptionalLong totalIfRestFrom(long offset, Response response) {
        Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range", ""));
        if (!range.matches() || range.group(3).equals("*")) {
            return OptionalLong.empty();
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long total = Long.parseLong(range.group(3));
        long length = response.body().contentLength();
        boolean isTheRest = first == offset && last == total - 1 && (length < 0 || length == total - first);
        return isTheRest ? OptionalLong.of(total) : OptionalLong.empty();
    }

    /** Compressed content could unfold to any size, and its length would be another. It was not asked for. */
    private static void checkNotEncoded(HttpUrl url, Response response) throws IOException {
        String encoding = response.header("Content-Encoding", "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new ProtocolException(url.encodedPath() + ": sent with a content encoding");
        }
    }

    private static IOException refusal(HttpUrl url, Response response) {
        int status = response.code();
        if (status / 100 == 3) {
            return new NoSuchResourceException(
                    url.encodedPath(), "status " + status + ", a redirect, and those are not followed");
        }
        // These two of the 400s say "not now".
        if (status / 100 == 4 && status != 408 && status != 429) {
            return new NoSuchResourceException(url.encodedPath(), "status " + status);
        }
        return new IOException(url.encodedPath() + ": status " + status);
    }

    private Request.Builder request(HttpUrl url) {
        Request.Builder request = new Request.Builder()
                .url(url)
                // Always with the port, which OkHttp leaves out where it is the usual one: the Pycom server copies it.
                .header("Host", BaseUrl.hostOf(url) + ":" + url.port())
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "overair");
        headers.forEach(request::header);
        return request;
    }

    private @Nullable String knownTag(HttpUrl url) {
        synchronized (tags) {
            return tags.get(url.encodedPath());
        }
    }

    private void rememberTag(HttpUrl url, @Nullable String tag) {
        synchronized (tags) {
            if (tag != null && STRONG_TAG.matcher(tag).matches()) {
                tags.put(url.encodedPath(), tag);
            } else {
                tags.remove(url.encodedPath());
            }
        }
    }

    @Override
    public void close() {
        calls.close();
    }

    /** Options, each with a default that suits most devices. */
    public static final class Builder {
        private final BaseUrl base;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Duration connectTimeout = Duration.ofSeconds(15);
        private Duration readTimeout = Duration.ofSeconds(30);
        private Duration headTimeout = Duration.ofMinutes(1);
        private Duration callTimeout = Duration.ofHours(24);
        private @Nullable SSLSocketFactory sockets;
        private @Nullable X509TrustManager trust;

        private Builder(String baseUrl) {
            base = BaseUrl.parse(baseUrl);
        }

        /** A field to send with every request, such as {@code Authorization}. */
        public Builder header(String name, String value) {
            okhttp3.Headers.of(name, value); // throws where either could be read as more than one field
            headers.put(name, value);
            return this;
        }

        /** Longest wait for a connection; 15 seconds unless told otherwise. */
        public Builder connectTimeout(Duration time) {
            this.connectTimeout = positive(time);
            return this;
        }

        /** Longest wait for the next byte to come or go; 30 seconds unless told otherwise. */
        public Builder readTimeout(Duration time) {
            this.readTimeout = positive(time);
            return this;
        }

        /** Longest time from connecting until the head of an answer is complete; a minute unless told otherwise. */
        public Builder headTimeout(Duration time) {
            this.headTimeout = positive(time);
            return this;
        }

        /** Longest time for one request, from connecting to the last byte; a day unless told otherwise. */
        public Builder callTimeout(Duration time) {
            this.callTimeout = positive(time);
            return this;
        }

        /**
         * Other certificates than the platform's: {@code sockets} made from an {@link javax.net.ssl.SSLContext} that knows
         * them, and the trust manager in it.
         */
        public Builder tls(SSLSocketFactory factory, X509TrustManager manager) {
            this.sockets = factory;
            this.trust = manager;
            return this;
        }

        /** What was described. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }

        private static Duration positive(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("a time-out of " + time);
            }
            return time;
        }
    }
}
