package io.overair.install;

import java.util.Arrays;

/** The names in a folder of a {@link CrashDisk}, sorted, each with the number of its inode. Never changes. */
final class Names {
    static final int NOTHING = -1;
    static final Names NONE = new Names(new String[0], new int[0]);

    private final String[] names;
    private final int[] inodes;

    private Names(String[] names, int[] inodes) {
        this.names = names;
        this.inodes = inodes;
    }

    int size() {
        return names.length;
    }

    String name(int index) {
        return names[index];
    }

    int inode(int index) {
        return inodes[index];
    }

    /** {@link #NOTHING} if there is no such name. */
    int get(String name) {
        int index = Arrays.binarySearch(names, name);
        return index < 0 ? NOTHING : inodes[index];
    }

    Names with(String name, int inode) {
        int index = Arrays.binarySearch(names, name);
        if (index >= 0) {
            int[] changed = inodes.clone();
            changed[index] = inode;
            return new Names(names, changed);
        }
        int place = -index - 1;
        String[] moreNames = Arrays.copyOf(names, names.length + 1);
        int[] moreInodes = Arrays.copyOf(inodes, names.length + 1);
        System.arraycopy(names, place, moreNames, place + 1, names.length - place);
        System.arraycopy(inodes, place, moreInodes, place + 1, names.length - place);
        moreNames[place] = name;
        moreInodes[place] = inode;
        return new Names(moreNames, moreInodes);
    }

    Names without(String name) {
        int index = Arrays.binarySearch(names, name);
        if (index < 0) {
            return this;
        }
        String[] fewerNames = Arrays.copyOf(names, names.length - 1);
        int[] fewerInodes = Arrays.copyOf(inodes, names.length - 1);
        System.arraycopy(names, index + 1, fewerNames, index, fewerNames.length - index);
        System.arraycopy(inodes, index + 1, fewerInodes, index, fewerNames.length - index);
        return new Names(fewerNames, fewerInodes);
    }
}
