package io.overair.examples.meter;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * The program of the meter, as far as it matters here: which values it sends is written in a file of its release, so a new
 * release sends something else. Read once, at the start.
 */
final class MeterProgram {
    /** What the file is called that says what is sent. */
    static final String SETTINGS = "flash/meter.properties";

    private final List<String> values;

    private MeterProgram(List<String> values) {
        this.values = values;
    }

    /** Starts the program that is installed below {@code device}. */
    static MeterProgram start(Path device) throws IOException {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(device.resolve(SETTINGS))) {
            settings.load(reader);
        }
        return new MeterProgram(List.of(settings.getProperty("send", "energy").split(",", -1)));
    }

    /** What it sends, for people. */
    String values() {
        return String.join(" and ", values);
    }

    /** A reading: for each value its first letter and two bytes, the higher one first. */
    byte[] read(int energyWh) {
        ByteBuffer reading = ByteBuffer.allocate(3 * values.size());
        for (String value : values) {
            reading.put((byte) value.charAt(0)).putShort((short) (value.equals("energy") ? energyWh : 230));
        }
        return reading.array();
    }
}
