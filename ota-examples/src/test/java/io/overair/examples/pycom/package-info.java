/**
 * The device side of the Pycom OTA example, simulated: {@link io.overair.examples.pycom.PycomDevice} updates a directory
 * as that client updates its flash, weaknesses included. For demonstrations and tests; a program that wants to be
 * updated has better ways.
 */
@NullMarked
package io.overair.examples.pycom;

import org.jspecify.annotations.NullMarked;
