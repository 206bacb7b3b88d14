package io.overair.server;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** The values used last, as many as fit: when they grow too heavy, those not used for longest go. Thread-safe. */
final class BoundedCache<K, V> {
    private final long capacity;
    private final ToIntFunction<V> weigher;
    private final Map<K, V> values = new LinkedHashMap<>(64, 0.75f, true);
    private long weight;

    /** A cache for values that together weigh at most {@code capacity}, or one that alone is heavier. */
    BoundedCache(long capacity, ToIntFunction<V> weigher) {
        this.capacity = capacity;
        this.weigher = weigher;
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(values.get(key));
    }

    synchronized void put(K key, V value) {
        remove(key);
        values.put(key, value);
        weight += weigher.applyAsInt(value);
        Iterator<V> eldest = values.values().iterator();
        while (weight > capacity && values.size() > 1) {
            weight -= weigher.applyAsInt(eldest.next());
            eldest.remove();
        }
    }

    synchronized void remove(K key) {
        V removed = values.remove(key);
        if (removed != null) {
            weight -= weigher.applyAsInt(removed);
        }
    }
}
