package io.overair.health;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks for a page: the application, or the server it has to reach, is there if the answer has a status from 200 to 299. */
public final class HttpCheck implements HealthCheck {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

    private final URI uri;
    private final Duration limit;

    /** Kept, since Java 17 cannot close one: each has threads and descriptors until long after it was used last. */
    private Optional<HttpClient> client = Optional.empty();

    private HttpCheck(URI uri, Duration limit) {
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException("no http or https address: " + uri);
        }
        this.uri = uri;
        this.limit = limit;
    }

    /** Asks for {@code uri}, which has to be answered within ten seconds. */
    public static HttpCheck of(URI uri) {
        return new HttpCheck(uri, DEFAULT_LIMIT);
    }

    /** Allows {@code duration} from the first byte asked to the last one answered. */
    public HttpCheck withLimit(Duration duration) {
        return new HttpCheck(uri, duration);
    }

    @Override
    public Optional<String> problem() throws InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = client().sendAsync(
                        HttpRequest.newBuilder(uri).timeout(limit).build(), HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status >= 200 && status < 300
                    ? Optional.empty()
                    : Optional.of("%s answered with status %d".formatted(uri, status));
        } catch (TimeoutException e) {
            return Optional.of("%s did not answer in %d s".formatted(uri, limit.toSeconds()));
        } catch (ExecutionException e) {
            String reason = e.getCause() instanceof IOException cause && cause.getMessage() != null
                    ? cause.getMessage()
                    : "no connection";
            return Optional.of("%s: %s".formatted(uri, reason));
        } finally {
            answer.cancel(true);
        }
    }

    private synchronized HttpClient client() {
        HttpClient kept = client.orElseGet(() -> HttpClient.newBuilder()
                .connectTimeout(limit)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build());
        client = Optional.of(kept);
        return kept;
    }
}
