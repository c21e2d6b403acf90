package org.anylease.store.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.anylease.store.lease.ClientId;

/**
 * The hashes that the state needs. None has to withstand an adversary: the digest compares replicas that mean well,
 * and a client that makes its identity collide with others only slows its own lookups.
 */
final class StateHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME_1 = 0x9e37_79b9_7f4a_7c15L;
    private static final long PRIME_2 = 0xe703_7ed1_a0b4_28dbL;
    private static final long PRIME_3 = 0x8ebc_6af0_9c88_c6e3L;

    private StateHash() {}

    /** A key and its value as 64 bits, summed up for the digest. */
    static long ofRecord(long key, byte[] bytes, int offset, int length) {
        long hash = fold(key ^ PRIME_1, length ^ PRIME_2);
        int at = offset;
        int end = offset + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = fold((long) LONGS.get(bytes, at) ^ PRIME_2, hash ^ PRIME_3);
        }
        long tail = 0;
        for (; at < end; at++) {
            tail = (tail << 8) | (bytes[at] & 0xff);
        }
        return fold(tail ^ PRIME_1, hash ^ PRIME_2);
    }

    /** The same for keys of any length. */
    static long ofRecord(byte[] key, byte[] value) {
        return ofRecord(ofRecord(key.length, key, 0, key.length), value, 0, value.length);
    }

    /** A client as 32 bits, never 0. */
    static int ofClient(ClientId client) {
        long hash = client.kind() == ClientId.Kind.HARDWARE ? PRIME_3 : PRIME_2;
        for (int i = 0; i < client.value().length(); i++) {
            hash = (hash ^ client.value().at(i)) * PRIME_1;
            hash ^= hash >>> 29;
        }
        int folded = (int) (hash >>> 32);
        return folded == 0 ? 1 : folded;
    }

    /** Spreads neighbouring numbers over a table. */
    static int spread(int value) {
        return (int) ((value * PRIME_1) >>> 32);
    }

    private static long fold(long a, long b) {
        return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
    }
}
