package io.overair.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What was found for a request a moment ago, for the next one that asks the same. */
final class RecentResources {
    /** What an entry weighs beside its bytes and its key: about that much of the heap. */
    private static final int ENTRY_OVERHEAD = 512;

    private final BoundedCache<Question, Found> found;
    private final long freshNanos;
    private final AtomicLong generation = new AtomicLong();

    /**
     * All that two requests must have in common to find the same.
     *
     * @param address what the client calls the server, empty if nothing depends on it
     */
    record Question(String target, String address) {}

    private record Found(Resource.InMemory resource, long generation, long at, int weight) {}

    RecentResources(long capacity, Duration freshness) {
        this.found = new BoundedCache<>(capacity, Found::weight);
        this.freshNanos = freshness.toNanos();
    }

    /** What was found, if that is not too long ago and nothing has been outdated since. */
    Optional<Resource.InMemory> get(Question question) {
        return found.get(question)
                .filter(earlier ->
                        earlier.generation == generation.get() && System.nanoTime() - earlier.at < freshNanos)
                .map(Found::resource);
    }

    /** What was found last, however long ago. */
    Optional<Resource.InMemory> last(Question question) {
        return found.get(question).map(Found::resource);
    }

    /** What looks at the disk from now on belong to; to be asked for before one. */
    long generation() {
        return generation.get();
    }

    /** Outdates whatever was found by looks that began before. */
    void outdate() {
        generation.incrementAndGet();
    }

    /** Keeps what a look at the disk has found that belongs to {@code generation}. */
    void put(Question question, Resource.InMemory resource, long generation) {
        int weight =
                ENTRY_OVERHEAD + 2 * (question.target.length() + question.address.length()) + (int) resource.size();
        found.put(question, new Found(resource, generation, System.nanoTime(), weight));
    }
}
