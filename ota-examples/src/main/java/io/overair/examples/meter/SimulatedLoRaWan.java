package io.overair.examples.meter;

import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;

/** A link without a radio, and a network that keeps what it has to say until the device is heard. */
final class SimulatedLoRaWan implements LoRaWan {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final Story story;
    private final Queue<byte[]> waiting = new ArrayDeque<>();

    SimulatedLoRaWan(Story story) {
        this.story = story;
    }

    /** What the network is to tell the device next: bytes in hexadecimal. */
    void queue(String downlink) {
        waiting.add(HEX.parseHex(downlink));
    }

    @Override
    public Optional<byte[]> send(byte[] uplink) {
        story.tell("LoRaWAN", "up    " + HEX.formatHex(uplink));
        Optional<byte[]> downlink = Optional.ofNullable(waiting.poll());
        downlink.ifPresent(bytes -> story.tell("LoRaWAN", "down  " + HEX.formatHex(bytes)));
        return downlink;
    }
}
