package io.overair.tree;

import io.overair.manifest.DevicePath;

/** Is told what a scan reads. */
@FunctionalInterface
public interface ScanListener {
    /**
     * A file was read to its end: once for each time it was read, so more than once if it changed meanwhile, and not at
     * all if it was known from an earlier scan. Called by the thread that read it, which may be one of the executor's;
     * calls may overlap. What it throws ends the scan.
     */
    void hashed(DevicePath path, long bytes);
}
