/** The {@code ota} command line: {@link io.overair.examples.cli.OtaCommand} is its main class. */
@NullMarked
package io.overair.examples.cli;

import org.jspecify.annotations.NullMarked;
