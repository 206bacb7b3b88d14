package io.overair.install;

import java.util.BitSet;

/**
 * What a power cut leaves of that which was not forced.
 *
 * @param kept which of the pending changes of names survive, by their place in the disk's history
 * @param bytes what survives of the bytes and attributes of files
 */
record PowerLoss(BitSet kept, Unforced bytes) {
    /** What becomes of bytes that were written and not forced; attributes that were set and not forced go with them. */
    enum Unforced {
        PRESENT,
        LOST,
        /** The first half of what was written is there, attributes are as they were. */
        HALF,
        /** The file has its new length and attributes, and zeros for what was written. */
        ZEROS
    }
}
