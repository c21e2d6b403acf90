package org.anylease.server.net;

import java.lang.foreign.MemorySegment;

/** The ones' complement sum of RFC 1071. */
final class InternetChecksum {
    private InternetChecksum() {}

    /** Adds the 16-bit words of a region to a running sum; an odd last byte counts as if a zero followed. */
    static long add(long sum, MemorySegment bytes, long offset, long length) {
        long end = offset + (length & ~1L);
        for (long at = offset; at < end; at += 2) {
            sum += bytes.get(Libc.NET_SHORT, at) & 0xffff;
        }
        if ((length & 1) != 0) {
            sum += (bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, end) & 0xff) << 8;
        }
        return sum;
    }

    /** Folds a sum into the value that goes on the wire; over data that includes a right checksum this is zero. */
    static short fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (short) ~folded;
    }
}
