/** Changes the files of a device so that a cut at any instant leaves the old release or the new one. */
@NullMarked
package io.overair.install;

import org.jspecify.annotations.NullMarked;
