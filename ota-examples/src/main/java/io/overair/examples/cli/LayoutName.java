package io.overair.examples.cli;

import io.overair.install.Layout;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where the files of a release are to lie. */
final class LayoutName implements ITypeConverter<Layout> {
    private static final String IN_PLACE = "in-place";
    private static final String SLOTS = "slots";

    @Override
    public Layout convert(String value) {
        return switch (value) {
            case IN_PLACE -> Layout.IN_PLACE;
            case SLOTS -> Layout.SLOTS;
            default -> throw new TypeConversionException("expected %s or %s".formatted(IN_PLACE, SLOTS));
        };
    }

    /** For completion. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(IN_PLACE, SLOTS).iterator();
        }
    }
}
