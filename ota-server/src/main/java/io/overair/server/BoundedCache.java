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

    /** A cache for values that together weigh at most {@code capacity}; a heavier one is not kept at all. */
    BoundedCache(long capacity, ToIntFunction<V> weigher) {
        this.capacity = capacity;
        this.weigher = weigher;
    }

    synchronized Optional<V> get(K key) {
        return Optional.ofNullable(values.get(key));
    }

    synchronized void put(K key, V value) {
        remove(key);
        int added = weigher.applyAsInt(value);
        if (added > capacity) {
            return;
        }
        values.put(key, value);
        weight += added;
        Iterator<V> eldest = values.values().iterator();
        while (weight > capacity) {
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
