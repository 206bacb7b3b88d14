/**
 * A small program around an application that is updated: it is not part of what an update replaces, and so can take back a
 * release that does not even start. Start with {@link io.overair.guard.Guard}.
 */
@NullMarked
package io.overair.guard;

import org.jspecify.annotations.NullMarked;
