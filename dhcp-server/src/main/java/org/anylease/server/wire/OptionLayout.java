package org.anylease.server.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides which option goes where in one encoded packet, and writes them.
 *
 * <p>Three fields take options: options itself, then {@code file}, then {@code sname}, which is also the order in which they are
 * read (RFC 2131 §4.1). Each option, most important first, takes the first field with room for all of it. Only values of
 * more than 255 bytes, which take a receiver that joins (RFC 3396) anyway, are spread over fields. So an option may move
 * behind a later one, but never loses its place to it.
 */
final class OptionLayout {
    private static final int MAIN = 0;
    private static final int FILE = 1;
    private static final int SNAME = 2;
    private static final int FIELDS = 3;

    /** Code and length. */
    private static final int PREFIX = 2;

    /** The most that one instance of an option holds (RFC 2132 §2). */
    private static final int INSTANCE_BYTES_MAX = 255;

    /** Option 52 as sent: code, length, value. */
    private static final int OVERLOAD_BYTES = 3;

    private static final int END_BYTES = 1;

    /** The part of an option that lies in a field, when none of it does. A part may also be of no bytes. */
    private static final int NOTHING = -1;

    private final Options options;
    private final int relayAt;
    private final int[] free = new int[FIELDS];
    private final int[] parts;
    private int overload;
    private int dropped;

    private OptionLayout(Options options, int relayAt, int mainFree) {
        this.options = options;
        this.relayAt = relayAt;
        this.parts = new int[options.size() * FIELDS];
        Arrays.fill(parts, NOTHING);
        free[MAIN] = mainFree;
    }

    /** The best layout of a packet's options within limits. */
    static OptionLayout of(Packet packet, EncodeLimits limits) {
        Options options = packet.options();
        int relayAt = options.positionOf(OptionCode.RELAY_AGENT_INFORMATION);
        int fixed = HeaderLayout.OPTIONS + END_BYTES;
        int mainFree = limits.clientBytesMax() - fixed;
        if (relayAt >= 0) {
            int beside = limits.datagramBytesMax() - fixed - encodedLength(options.lengthAt(relayAt));
            if (beside >= vitalBytes(options)) {
                mainFree = Math.min(mainFree, beside);
            } else {
                relayAt = NOTHING;
            }
        }
        OptionLayout plain = new OptionLayout(options, relayAt, mainFree);
        plain.placeAll();
        if (plain.dropped == 0 || !limits.overload() || mainFree < OVERLOAD_BYTES + vitalBytes(options)) {
            return plain;
        }
        OptionLayout overloaded = new OptionLayout(options, relayAt, mainFree - OVERLOAD_BYTES);
        overloaded.free[FILE] = packet.hasFile() ? 0 : HeaderLayout.FILE_BYTES - END_BYTES;
        overloaded.free[SNAME] = packet.hasSname() ? 0 : HeaderLayout.SNAME_BYTES - END_BYTES;
        overloaded.placeAll();
        return overloaded.dropped < plain.dropped ? overloaded : plain;
    }

    /** What a reply cannot do without, not even for option 82: its type and whose it is. */
    private static boolean vital(int code) {
        return code == OptionCode.MESSAGE_TYPE || code == OptionCode.SERVER_ID;
    }

    /** How many bytes the vital options take. */
    private static int vitalBytes(Options options) {
        int bytes = 0;
        for (int i = 0; i < options.size(); i++) {
            if (vital(options.codeAt(i))) {
                bytes += encodedLength(options.lengthAt(i));
            }
        }
        return bytes;
    }

    /** Options that must be found by those who do not undo overload: relays, and (RFC 3046 §2.2) for option 82. */
    private static boolean mainOnly(int code) {
        return vital(code) || code == OptionCode.AUTHENTICATION || code == OptionCode.RELAY_AGENT_INFORMATION;
    }

    /** How many bytes a value takes on the wire, split as needed. */
    private static int encodedLength(int length) {
        return length + PREFIX * Math.max(1, (length + INSTANCE_BYTES_MAX - 1) / INSTANCE_BYTES_MAX);
    }

    /** The longest value that room for so many bytes on the wire holds. */
    private static int capacity(int room) {
        int instance = PREFIX + INSTANCE_BYTES_MAX;
        return room / instance * INSTANCE_BYTES_MAX + Math.max(0, room % instance - PREFIX);
    }

    /** Places the vital options before all others, wherever they stand; option 82 has its room already, or none. */
    private void placeAll() {
        for (int i = 0; i < options.size(); i++) {
            if (vital(options.codeAt(i))) {
                place(i);
            }
        }
        for (int i = 0; i < options.size(); i++) {
            if (!vital(options.codeAt(i)) && i != relayAt) {
                place(i);
            }
        }
    }

    private void place(int i) {
        boolean isRelay = options.codeAt(i) == OptionCode.RELAY_AGENT_INFORMATION;
        if (isRelay || !(placeWhole(i) || placeSpread(i))) {
            dropped++;
        }
    }

    private boolean placeWhole(int i) {
        int length = options.lengthAt(i);
        int fields = mainOnly(options.codeAt(i)) ? 1 : FIELDS;
        for (int field = 0; field < fields; field++) {
            if (encodedLength(length) <= free[field]) {
                put(i, field, length);
                return true;
            }
        }
        return false;
    }

    private boolean placeSpread(int i) {
        int left = options.lengthAt(i);
        if (left <= INSTANCE_BYTES_MAX
                || mainOnly(options.codeAt(i))
                || left > capacity(free[MAIN]) + capacity(free[FILE]) + capacity(free[SNAME])) {
            return false;
        }
        for (int field = 0; left > 0; field++) {
            int part = Math.min(left, capacity(free[field]));
            if (part > 0) {
                put(i, field, part);
                left -= part;
            }
        }
        return true;
    }

    private void put(int i, int field, int length) {
        parts[i * FIELDS + field] = length;
        free[field] -= encodedLength(length);
        overload |= field == FILE ? HeaderLayout.OVERLOAD_FILE : field == SNAME ? HeaderLayout.OVERLOAD_SNAME : 0;
    }

    /** The codes of the options left out, in their order. */
    List<Integer> dropped() {
        if (dropped == 0) {
            return List.of();
        }
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            int row = i * FIELDS;
            if (i != relayAt
                    && parts[row + MAIN] == NOTHING
                    && parts[row + FILE] == NOTHING
                    && parts[row + SNAME] == NOTHING) {
                codes.add(options.codeAt(i));
            }
        }
        return codes;
    }

    /** Writes all fields of the packet that starts at {@code base}; answers where it ends. */
    int write(byte[] target, int base) {
        int at = base + HeaderLayout.OPTIONS;
        if (overload != 0) {
            target[at++] = OptionCode.OVERLOAD;
            target[at++] = 1;
            target[at++] = (byte) overload;
            if ((overload & HeaderLayout.OVERLOAD_FILE) != 0) {
                writeField(FILE, target, base + HeaderLayout.FILE);
            }
            if ((overload & HeaderLayout.OVERLOAD_SNAME) != 0) {
                writeField(SNAME, target, base + HeaderLayout.SNAME);
            }
        }
        return writeField(MAIN, target, at);
    }

    private int writeField(int field, byte[] target, int from) {
        int at = from;
        for (int i = 0; i < options.size(); i++) {
            int length = parts[i * FIELDS + field];
            if (length != NOTHING) {
                int skip = 0;
                for (int before = MAIN; before < field; before++) {
                    skip += Math.max(0, parts[i * FIELDS + before]);
                }
                at = writeValue(i, skip, length, target, at);
            }
        }
        if (field == MAIN && relayAt >= 0) {
            at = writeValue(relayAt, 0, options.lengthAt(relayAt), target, at);
        }
        target[at++] = (byte) OptionCode.END;
        return at;
    }

    private int writeValue(int i, int skip, int length, byte[] target, int from) {
        int at = from;
        int done = 0;
        do {
            int instance = Math.min(length - done, INSTANCE_BYTES_MAX);
            target[at++] = (byte) options.codeAt(i);
            target[at++] = (byte) instance;
            options.copyTo(i, skip + done, target, at, instance);
            at += instance;
            done += instance;
        } while (done < length);
        return at;
    }
}
