/**
 * Finds out whether a release that is on {@linkplain io.overair.install.Trial trial} does its work: checks, and a watch that
 * asks them until the trial is decided.
 */
@NullMarked
package io.overair.health;

import org.jspecify.annotations.NullMarked;
