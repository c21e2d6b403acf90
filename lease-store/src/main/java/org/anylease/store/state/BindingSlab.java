package org.anylease.store.state;

import java.util.Arrays;

/**
 * Binding records, packed into pages of bytes: no object per lease.
 *
 * <p>A block is a whole number of 16-byte units and holds two bytes of length, four of address, and the record. A
 * reference is the unit's number over all pages; 0 is none. Freed blocks are kept in one list for each size, linked
 * through their own first bytes, and are given out again only for that size: records of a kind have about one size,
 * so little is lost. The layout depends on history; what is stored does not.
 */
final class BindingSlab {
    /** No block. */
    static final int NONE = 0;

    private static final int PAGE_BITS = 18;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int UNIT_BITS = 4;
    private static final int UNITS_PER_PAGE_BITS = PAGE_BITS - UNIT_BITS;
    private static final int HEADER_BYTES = 6;
    /** The longest record: two clients of 0.8 KiB with three-byte characters in their names, and the rest. */
    private static final int RECORD_BYTES_MAX = 4096 - HEADER_BYTES;

    private byte[][] pages = new byte[1][];
    private int pageCount;
    /** The next unit never used; the first unit of all is left out, as 0 is none. */
    private int unusedUnit = 1;

    private final int[] freeBlocks = new int[(4096 >> UNIT_BITS) + 1];

    /** Adds a record. */
    int add(int address, byte[] record, int length) {
        if (length > RECORD_BYTES_MAX) {
            throw new IllegalStateException("a binding record of " + length + " bytes, at most " + RECORD_BYTES_MAX);
        }
        int ref = take(units(length));
        write(ref, address, record, length);
        return ref;
    }

    /** Replaces a record, in place when it still fits its block exactly. */
    int replace(int ref, byte[] record, int length) {
        int address = addressAt(ref);
        if (units(lengthAt(ref)) == units(length)) {
            write(ref, address, record, length);
            return ref;
        }
        int moved = add(address, record, length);
        give(ref, units(lengthAt(ref)));
        return moved;
    }

    byte[] page(int ref) {
        return pages[ref >>> UNITS_PER_PAGE_BITS];
    }

    /** Where the record starts in its page. */
    int offset(int ref) {
        return start(ref) + HEADER_BYTES;
    }

    int lengthAt(int ref) {
        byte[] page = page(ref);
        int start = start(ref);
        return ((page[start] & 0xff) << 8) | (page[start + 1] & 0xff);
    }

    private int addressAt(int ref) {
        return readInt(page(ref), start(ref) + 2);
    }

    byte[] copy(int ref) {
        int offset = offset(ref);
        return Arrays.copyOfRange(page(ref), offset, offset + lengthAt(ref));
    }

    /** How much memory the pages take. */
    long bytes() {
        return (long) pageCount * PAGE_BYTES;
    }

    private static int units(int recordLength) {
        return (recordLength + HEADER_BYTES + (1 << UNIT_BITS) - 1) >>> UNIT_BITS;
    }

    private static int start(int ref) {
        return (ref & ((1 << UNITS_PER_PAGE_BITS) - 1)) << UNIT_BITS;
    }

    private void write(int ref, int address, byte[] record, int length) {
        byte[] page = page(ref);
        int start = start(ref);
        page[start] = (byte) (length >>> 8);
        page[start + 1] = (byte) length;
        writeInt(page, start + 2, address);
        System.arraycopy(record, 0, page, start + HEADER_BYTES, length);
    }

    private int take(int units) {
        int freed = freeBlocks[units];
        if (freed != NONE) {
            freeBlocks[units] = readInt(page(freed), start(freed));
            return freed;
        }
        int left = (pageCount << UNITS_PER_PAGE_BITS) - unusedUnit;
        if (left < units) {
            if (pageCount > 0 && left > 0) {
                give(unusedUnit, left);
                unusedUnit += left;
            }
            addPage();
        }
        int ref = unusedUnit;
        unusedUnit += units;
        return ref;
    }

    private void addPage() {
        if (pageCount == 1 << (Integer.SIZE - 1 - UNITS_PER_PAGE_BITS)) {
            throw new IllegalStateException("the binding slab is full: " + bytes() + " bytes");
        }
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        pages[pageCount++] = new byte[PAGE_BYTES];
    }

    private void give(int ref, int units) {
        writeInt(page(ref), start(ref), freeBlocks[units]);
        freeBlocks[units] = ref;
    }

    private static int readInt(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 24)
                | ((bytes[at + 1] & 0xff) << 16)
                | ((bytes[at + 2] & 0xff) << 8)
                | (bytes[at + 3] & 0xff);
    }

    private static void writeInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }
}
