package org.anylease.server.wire;

import static org.anylease.server.wire.MalformedReason.BAD_OVERLOAD;
import static org.anylease.server.wire.MalformedReason.OPTION_OVERRUN;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of one datagram: undoes overload (RFC 2131 §4.1) and joins what was split (RFC 3396 §5).
 *
 * <p>Nearly every packet has each option once and no overload. For it, one walk checks the field, one copy takes it
 * over, and a second walk writes the index. Only the others pay for joining. Time is linear in the datagram either way.
 */
final class OptionsReader {
    /** Code, length: what comes before a value. */
    private static final int PREFIX = 2;

    private final byte[] buffer;
    private final int base;
    private final int end;

    private final long[] seen = new long[4];
    private boolean repeated;
    private int count;
    private int overload;
    private int lastByte;
    private Decoded.@Nullable Malformed malformed;

    /** A reader of the datagram in {@code buffer} from {@code base} up to {@code end}. */
    OptionsReader(byte[] buffer, int base, int end) {
        this.buffer = buffer;
        this.base = base;
        this.end = end;
    }

    /** The options, or null: then {@link #malformed} says why. */
    @Nullable
    Options read() {
        int from = base + HeaderLayout.OPTIONS;
        scan("options", from, end, false);
        if (malformed == null && (overload & HeaderLayout.OVERLOAD_FILE) != 0) {
            scan("file", base + HeaderLayout.FILE, base + HeaderLayout.FILE + HeaderLayout.FILE_BYTES, true);
        }
        if (malformed == null && (overload & HeaderLayout.OVERLOAD_SNAME) != 0) {
            scan("sname", base + HeaderLayout.SNAME, base + HeaderLayout.SNAME + HeaderLayout.SNAME_BYTES, true);
        }
        if (malformed != null) {
            return null;
        }
        if (count == 0) {
            return Options.EMPTY;
        }
        return repeated || overload != 0 ? join() : takeOver(from);
    }

    /** Why {@link #read} returned null. */
    Decoded.Malformed malformed() {
        if (malformed == null) {
            throw new IllegalStateException("nothing was found wrong");
        }
        return malformed;
    }

    /** Which fields hold options besides the options field: the value of option 52, or 0. */
    int overload() {
        return overload;
    }

    /** Checks one field up to its End option, which may be missing, and notes what it holds. */
    private void scan(String field, int from, int to, boolean overloaded) {
        int at = from;
        while (at < to) {
            int code = buffer[at] & 255;
            if (code == OptionCode.PAD) {
                at++;
                continue;
            }
            if (code == OptionCode.END) {
                return;
            }
            int next = at + 1 == to ? to + 1 : at + PREFIX + (buffer[at + 1] & 255);
            if (next > to) {
                malformed = new Decoded.Malformed(OPTION_OVERRUN, "option " + code + " runs past the end of " + field);
                return;
            }
            if (code == OptionCode.OVERLOAD) {
                if (overloaded || overload != 0) {
                    malformed = new Decoded.Malformed(BAD_OVERLOAD, "option 52 once more, in " + field);
                    return;
                }
                if (next != at + PREFIX + 1 || buffer[at + PREFIX] < 1 || buffer[at + PREFIX] > 3) {
                    malformed = new Decoded.Malformed(BAD_OVERLOAD, "option 52 is not one byte of 1 to 3");
                    return;
                }
                overload = buffer[at + PREFIX];
            } else {
                note(code);
            }
            lastByte = next;
            at = next;
        }
    }

    private void note(int code) {
        long bit = 1L << (code & 63);
        repeated |= (seen[code >>> 6] & bit) != 0;
        seen[code >>> 6] |= bit;
        count++;
    }

    /** The common case: the options field as it is, with an index. */
    private Options takeOver(int from) {
        long[] index = new long[count];
        int filled = 0;
        for (int at = first(from, end); at >= 0; at = first(after(at), end)) {
            index[filled++] = Options.entry(buffer[at] & 255, at + PREFIX - from, buffer[at + 1] & 255);
        }
        return new Options(Arrays.copyOfRange(buffer, from, lastByte), index);
    }

    /** The rare case: values gathered from all fields and instances, in the order in which codes first appear. */
    private Options join() {
        int[] lengths = new int[256];
        int[] order = new int[Math.min(count, 256)];
        int codes = 0;
        Arrays.fill(lengths, -1);
        for (int field = 0; field < 3; field++) {
            int to = to(field);
            for (int at = first(from(field), to); at >= 0; at = first(after(at), to)) {
                int code = buffer[at] & 255;
                if (code != OptionCode.OVERLOAD) {
                    if (lengths[code] < 0) {
                        lengths[code] = 0;
                        order[codes++] = code;
                    }
                    lengths[code] += buffer[at + 1] & 255;
                }
            }
        }
        long[] index = new long[codes];
        int[] cursors = new int[256];
        int total = 0;
        for (int i = 0; i < codes; i++) {
            int code = order[i];
            index[i] = Options.entry(code, total, lengths[code]);
            cursors[code] = total;
            total += lengths[code];
        }
        byte[] values = new byte[total];
        for (int field = 0; field < 3; field++) {
            gather(from(field), to(field), values, cursors);
        }
        return new Options(values, index);
    }

    private void gather(int from, int to, byte[] values, int[] cursors) {
        for (int at = first(from, to); at >= 0; at = first(after(at), to)) {
            int code = buffer[at] & 255;
            if (code != OptionCode.OVERLOAD) {
                int length = buffer[at + 1] & 255;
                System.arraycopy(buffer, at + PREFIX, values, cursors[code], length);
                cursors[code] += length;
            }
        }
    }

    /** Start of a field in the order of reading: options, file, sname (RFC 2131 §4.1). */
    private int from(int field) {
        return base
                + switch (field) {
                    case 0 -> HeaderLayout.OPTIONS;
                    case 1 -> HeaderLayout.FILE;
                    default -> HeaderLayout.SNAME;
                };
    }

    /** End of a field; its start, when it holds no options. */
    private int to(int field) {
        return switch (field) {
            case 0 -> end;
            case 1 -> from(1) + ((overload & HeaderLayout.OVERLOAD_FILE) != 0 ? HeaderLayout.FILE_BYTES : 0);
            default -> from(2) + ((overload & HeaderLayout.OVERLOAD_SNAME) != 0 ? HeaderLayout.SNAME_BYTES : 0);
        };
    }

    /** Where the next option from {@code at} on starts, or -1; only for a field already scanned. */
    private int first(int at, int to) {
        int here = at;
        while (here < to && buffer[here] == OptionCode.PAD) {
            here++;
        }
        return here >= to || buffer[here] == (byte) OptionCode.END ? -1 : here;
    }

    private int after(int at) {
        return at + PREFIX + (buffer[at + 1] & 255);
    }
}
