/**
 * What the server costs, beside nginx and the Pycom server: {@link io.overair.examples.bench.Bench} starts each in a
 * process of its own, asks all of them for the same things in turn, and prints a table.
 */
@NullMarked
package io.overair.examples.bench;

import org.jspecify.annotations.NullMarked;
