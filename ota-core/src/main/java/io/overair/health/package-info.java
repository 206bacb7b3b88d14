/**
 * Finds out whether a release that is on {@linkplain io.overair.install.Trial trial} does its work: checks, and a watch that
 * asks them until the trial is decided.
 *
 * <p>A trial that takes several {@linkplain io.overair.install.Trial#withHealthyStarts healthy starts} needs somebody who restarts
 * the application: each start counts once, however long it lasts. With two of them, say, a release that is started once and
 * found healthy stays on trial for as long as it runs, and no other can be installed.
 */
@NullMarked
package io.overair.health;

import org.jspecify.annotations.NullMarked;
