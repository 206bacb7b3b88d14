/**
 * What a device is told to install: start with {@link io.overair.manifest.Manifest}, and with
 * {@link io.overair.manifest.ManifestJson} for its form on the wire.
 */
@NullMarked
package io.overair.manifest;

import org.jspecify.annotations.NullMarked;
