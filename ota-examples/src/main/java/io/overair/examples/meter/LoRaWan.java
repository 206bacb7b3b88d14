package io.overair.examples.meter;

import java.io.IOException;
import java.util.Optional;

/** A LoRaWAN link of class A: the network can send something only in answer to a device that has sent something. */
interface LoRaWan {
    /** Sends {@code uplink}, and waits for what the network may have to say. */
    Optional<byte[]> send(byte[] uplink) throws IOException;
}
