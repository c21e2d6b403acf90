package org.anylease.server.expression;

import java.util.Arrays;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** What is done with rows of octets. Each costs at most as many steps as it is given octets, unless it says more. */
final class Octet {
    private static final String DIGITS = "0123456789abcdef";

    private Octet() {}

    static byte[] ofAddress(Ipv4 address) {
        return ofNumber(Integer.toUnsignedLong(address.bits()), 4);
    }

    /** The lowest octets of a number, the highest first. */
    static byte[] ofNumber(long value, int octets) {
        byte[] encoded = new byte[octets];
        for (int i = 0; i < octets; i++) {
            encoded[i] = (byte) (value >>> (8 * (octets - 1 - i)));
        }
        return encoded;
    }

    /** The number that the first octets are, or {@link Node.Count#ABSENT} where there are not so many. */
    static long toNumber(byte[] data, int octets) {
        if (data.length < octets) {
            return Node.Count.ABSENT;
        }
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | (data[i] & 255);
        }
        return value;
    }

    static boolean startsWith(byte[] data, byte[] what) {
        return data.length >= what.length && Arrays.equals(data, 0, what.length, what, 0, what.length);
    }

    static boolean endsWith(byte[] data, byte[] what) {
        int start = data.length - what.length;
        return start >= 0 && Arrays.equals(data, start, data.length, what, 0, what.length);
    }

    /** Knuth, Morris and Pratt's search: as many steps as both have octets. */
    static boolean contains(byte[] data, byte[] what) {
        if (what.length == 0) {
            return true;
        }
        int[] borders = new int[what.length];
        for (int i = 1, length = 0; i < what.length; i++) {
            while (length > 0 && what[i] != what[length]) {
                length = borders[length - 1];
            }
            length += what[i] == what[length] ? 1 : 0;
            borders[i] = length;
        }
        int matched = 0;
        for (byte octet : data) {
            while (matched > 0 && octet != what[matched]) {
                matched = borders[matched - 1];
            }
            matched += octet == what[matched] ? 1 : 0;
            if (matched == what.length) {
                return true;
            }
        }
        return false;
    }

    /** From an offset on, at most so many; null from behind the end, as in dhcp-eval(5). */
    static byte @Nullable [] substring(byte[] data, long offset, long length) {
        if (offset >= data.length) {
            return null;
        }
        int start = (int) offset;
        return Arrays.copyOfRange(data, start, start + (int) Math.min(length, data.length - start));
    }

    static byte[] suffix(byte[] data, long length) {
        return length >= data.length ? data : Arrays.copyOfRange(data, data.length - (int) length, data.length);
    }

    /** ASCII letters to one case. */
    static byte[] toCase(byte[] data, boolean upper) {
        byte[] changed = data.clone();
        for (int i = 0; i < changed.length; i++) {
            boolean letter = upper ? changed[i] >= 'a' && changed[i] <= 'z' : changed[i] >= 'A' && changed[i] <= 'Z';
            changed[i] ^= (byte) (letter ? 0x20 : 0);
        }
        return changed;
    }

    /** Groups of octets in reverse order; null when they do not come out even. */
    static byte @Nullable [] reverse(byte[] data, int group) {
        if (data.length % group != 0) {
            return null;
        }
        byte[] reversed = new byte[data.length];
        for (int i = 0; i < data.length; i += group) {
            System.arraycopy(data, i, reversed, data.length - group - i, group);
        }
        return reversed;
    }

    /** The sub-option with a code in a row of code, length and value; null when there is none, or the row is broken. */
    static byte @Nullable [] suboption(byte[] data, long code) {
        int at = 0;
        while (at < data.length) {
            int next = at + 1 < data.length ? at + 2 + (data[at + 1] & 255) : Integer.MAX_VALUE;
            int found = data[at] & 255;
            if (found == 0 || found == 255) {
                // Pad and end, as in option 43 (RFC 2132 §8.4).
                at = found == 0 ? at + 1 : data.length;
                continue;
            }
            if (next > data.length) {
                return null;
            }
            if (found == code) {
                return Arrays.copyOfRange(data, at + 2, next);
            }
            at = next;
        }
        return null;
    }

    /** Groups of octets as numbers in ASCII; null when they do not come out even. */
    static byte @Nullable [] toText(byte[] data, int base, int group, byte[] separator) {
        if (data.length % group != 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < data.length; i += group) {
            if (i > 0) {
                for (byte octet : separator) {
                    text.append((char) (octet & 255));
                }
            }
            digits(toNumber(Arrays.copyOfRange(data, i, i + group), group), base, text);
        }
        return Latin.octets(text);
    }

    private static void digits(long value, int base, StringBuilder text) {
        int start = text.length();
        long rest = value;
        do {
            text.insert(start, DIGITS.charAt((int) (rest % base)));
            rest /= base;
        } while (rest > 0);
    }
}
