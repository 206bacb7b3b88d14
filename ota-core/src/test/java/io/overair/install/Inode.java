package io.overair.install;

import io.overair.install.PowerLoss.Unforced;

/**
 * A file, folder or link of a {@link CrashDisk}: as programs see it, and as it is on the disk. Never changes.
 *
 * @param now what programs see
 * @param durable what a power cut cannot take away; the same object as {@code now} if all is forced
 */
record Inode(FileStatus.Kind kind, int store, Content now, Content durable) {

    /** Parts that the kind does not have are empty; so are extended attributes of users unless a test gives some. */
    record Content(Bytes bytes, Names names, String target, Attributes attributes, String userAttributes) {
        Content with(Bytes otherBytes) {
            return new Content(otherBytes, names, target, attributes, userAttributes);
        }

        Content with(Names otherNames) {
            return new Content(bytes, otherNames, target, attributes, userAttributes);
        }

        Content with(Attributes otherAttributes) {
            return new Content(bytes, names, target, otherAttributes, userAttributes);
        }

        Content withUserAttributes(String others) {
            return new Content(bytes, names, target, attributes, others);
        }
    }

    static Inode created(FileStatus.Kind kind, int store, String target, Attributes attributes) {
        Content content = new Content(Bytes.NONE, Names.NONE, target, attributes, "");
        return new Inode(kind, store, content, content);
    }

    Inode with(Content changed) {
        return new Inode(kind, store, changed, durable);
    }

    Inode withDurable(Content forced) {
        return new Inode(kind, store, now, forced);
    }

    Inode forced() {
        return settled(now);
    }

    boolean isForced() {
        return now == durable;
    }

    /** The file a power cut leaves, or the folder with the names that are durable. */
    Inode after(Unforced unforced) {
        return switch (kind) {
            case FILE -> settled(contentAfter(unforced));
            case FOLDER ->
                settled(
                        unforced == Unforced.PRESENT || unforced == Unforced.ZEROS
                                ? durable.with(now.attributes())
                                : durable);
            default -> forced();
        };
    }

    private Content contentAfter(Unforced unforced) {
        return switch (unforced) {
            case PRESENT -> now;
            case LOST -> durable;
            case HALF -> durable.with(now.bytes().halfAfter(durable.bytes()));
            case ZEROS -> now.with(now.bytes().zerosAfter(durable.bytes()));
        };
    }

    private Inode settled(Content content) {
        return new Inode(kind, store, content, content);
    }
}
