package io.overair.tree;

import io.overair.manifest.Digest;
import java.util.Map;
import java.util.Set;

/**
 * What a scan had hashed when it failed, for the next one of the same directory: give both the same object by
 * {@link ScanOptions#resuming}. So a large tree with a file that somebody writes to is not read from its beginning each
 * time. Empty at first, and again once a scan has succeeded. Safe for use by many threads.
 */
public final class UnfinishedScan {
    private volatile FileTree.Knowledge hashed = FileTree.Knowledge.NONE;

    /** Nothing yet. */
    public UnfinishedScan() {}

    /** What was hashed with {@code algorithms}; {@code otherwise} if nothing was. */
    Map<String, FileTree.Known> filesOr(Set<Digest.Algorithm> algorithms, Map<String, FileTree.Known> otherwise) {
        FileTree.Knowledge knowledge = hashed;
        return knowledge.algorithms().equals(algorithms) ? knowledge.files() : otherwise;
    }

    void keep(FileTree.Knowledge knowledge) {
        hashed = knowledge;
    }

    void clear() {
        hashed = FileTree.Knowledge.NONE;
    }
}
