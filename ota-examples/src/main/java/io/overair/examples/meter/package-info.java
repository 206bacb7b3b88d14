/**
 * A smart meter that is told over LoRaWAN to update itself over the Wi-Fi of a vehicle that comes by: the scenario of the
 * Pycom OTA example, in Java. Start with {@link io.overair.examples.meter.SmartMeter}, which can be run; what another
 * device may want to take over is {@link io.overair.examples.meter.DownlinkTrigger}.
 */
@NullMarked
package io.overair.examples.meter;

import org.jspecify.annotations.NullMarked;
