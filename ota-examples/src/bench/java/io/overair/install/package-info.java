/** What the benchmark needs from inside the library. */
@NullMarked
package io.overair.install;

import org.jspecify.annotations.NullMarked;
