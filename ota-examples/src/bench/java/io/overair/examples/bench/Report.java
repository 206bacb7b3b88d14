package io.overair.examples.bench;

import java.util.Collections;
import java.util.Locale;

/** What was found, in Markdown. */
final class Report {
    private final StringBuilder text = new StringBuilder();

    void paragraph(String sentences) {
        text.append('\n').append(sentences).append('\n');
    }

    /** Begins a table. */
    void table(String... titles) {
        text.append('\n');
        row(titles);
        row(Collections.nCopies(titles.length, "---").toArray(String[]::new));
    }

    void row(String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** {@code ratio} with as many digits as mean something. */
    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%,.0f", ratio);
    }

    /** {@code figure} with as many digits as mean something. */
    static String number(double figure) {
        return String.format(Locale.ROOT, figure < 100 ? "%.1f" : "%,.0f", figure);
    }
}
