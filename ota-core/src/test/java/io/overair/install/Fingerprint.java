package io.overair.install;

/** A hash of 64 bits, fed value by value: fast and even, of no use against somebody who wants collisions. */
final class Fingerprint {
    private long hash = 1;

    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }

    Fingerprint add(long value) {
        hash = mix(hash, value);
        return this;
    }

    Fingerprint add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
        return this;
    }

    long value() {
        return hash;
    }
}
