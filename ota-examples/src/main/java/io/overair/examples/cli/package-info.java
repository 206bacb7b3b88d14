/**
 * The {@code ota} command line: {@link io.overair.examples.cli.OtaCommand} is its main class, one class beside it is one
 * verb, and {@link io.overair.examples.cli.ErrorCode} lists what can go wrong.
 */
@NullMarked
package io.overair.examples.cli;

import org.jspecify.annotations.NullMarked;
