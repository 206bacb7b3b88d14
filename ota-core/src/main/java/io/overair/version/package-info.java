/** Versions as the Pycom OTA example orders them: start with {@link io.overair.version.LooseVersion}. */
@NullMarked
package io.overair.version;

import org.jspecify.annotations.NullMarked;
