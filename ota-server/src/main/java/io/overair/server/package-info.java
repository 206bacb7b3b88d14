/**
 * Serves releases and generates manifests. {@link io.overair.server.ReleaseRepository} holds what there is,
 * {@link io.overair.server.ManifestGenerator} says what a device should do about it, and
 * {@link io.overair.server.OtaHandler} answers requests with both, whatever web server carries them.
 */
@NullMarked
package io.overair.server;

import org.jspecify.annotations.NullMarked;
