package io.overair.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** What holds for every version, whatever its text: checked with recorded texts and by the fuzzer. */
final class VersionProperties {
    private VersionProperties() {}

    /** Takes {@code input} as three versions, one a line, and compares them. */
    static void ordersTotally(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 3);
        LooseVersion a = LooseVersion.parse("1" + lines[0]);
        LooseVersion b = LooseVersion.parse(lines.length > 1 && !lines[1].isEmpty() ? lines[1] : "0");
        LooseVersion c = LooseVersion.parse(lines.length > 2 && !lines[2].isEmpty() ? lines[2] : "a");

        comparesBothWaysAlike(a, b);
        comparesBothWaysAlike(b, c);
        comparesBothWaysAlike(a, c);
        isTransitive(a, b, c);
        isTransitive(b, c, a);
        isTransitive(c, a, b);
    }

    static void comparesBothWaysAlike(LooseVersion a, LooseVersion b) {
        int order = Integer.signum(a.compareTo(b));
        assertThat(Integer.signum(b.compareTo(a))).as("%s and %s", b, a).isEqualTo(-order);
        assertThat(order == 0).as("%s and %s", a, b).isEqualTo(a.parts().equals(b.parts()));
        assertThat(a.compareTo(a)).isZero();
        assertThat(LooseVersion.parse(a.toString())).isEqualTo(a).hasSameHashCodeAs(a);
    }

    static void isTransitive(LooseVersion a, LooseVersion b, LooseVersion c) {
        if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
            assertThat(a.compareTo(c)).as("%s, %s, %s", a, b, c).isNotPositive();
        }
    }
}
