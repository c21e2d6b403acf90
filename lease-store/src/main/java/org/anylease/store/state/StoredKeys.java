package org.anylease.store.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.Conflict;
import org.anylease.store.lease.ClientId;

/**
 * The keys of the stored state: one byte that says what it is, and what distinguishes it from its like. Big-endian,
 * so that bindings stand in order of address. Keys that start with 0 belong to the store itself.
 */
public final class StoredKeys {
    /** A binding, behind it four bytes of address. */
    public static final byte BINDING = 1;

    static final byte CLOCK = 2;
    static final byte CONFIG = 3;
    static final byte REVISION = 4;
    static final byte EXCHANGES = 5;
    static final byte CONFLICT = 6;
    static final byte DECLARED_DOWN = 7;
    static final byte EARLIER_TERMS = 8;
    static final byte RECOVERY = 9;
    static final byte DNS = 10;
    static final byte RESERVATION = 11;

    static final int BINDING_KEY_BYTES = 1 + Integer.BYTES;

    private StoredKeys() {}

    /**
     * The key of a binding.
     *
     * @param address its address, as 32 bits
     * @return five bytes
     */
    public static byte[] binding(int address) {
        return ByteBuffer.allocate(BINDING_KEY_BYTES)
                .put(BINDING)
                .putInt(address)
                .array();
    }

    /**
     * The address in the key of a binding.
     *
     * @param key of {@link #binding}
     * @return its address
     * @throws UnreadableException when it is no such key
     */
    public static Ipv4 address(byte[] key) throws UnreadableException {
        if (key.length != BINDING_KEY_BYTES || key[0] != BINDING) {
            throw new UnreadableException(
                    "key of a binding is damaged: " + HexFormat.of().formatHex(key));
        }
        return new Ipv4(ByteBuffer.wrap(key).getInt(1));
    }

    static byte[] reservation(Ipv4 address) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(RESERVATION)
                .putInt(address.bits())
                .array();
    }

    static byte[] clock() {
        return new byte[] {CLOCK};
    }

    static byte[] config() {
        return new byte[] {CONFIG};
    }

    static byte[] recovery() {
        return new byte[] {RECOVERY};
    }

    static byte[] revision(long version) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(REVISION)
                .putLong(version)
                .array();
    }

    static byte[] exchanges(Incarnation origin) {
        byte[] server = origin.server().name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + Long.BYTES + server.length)
                .put(EXCHANGES)
                .putLong(origin.disk())
                .put(server)
                .array();
    }

    /** In order of entry, then of address; one entry may find several at an address, each with another client. */
    static byte[] conflict(Conflict conflict) {
        ClientId client = conflict.promised().id();
        byte[] id = client.value().toArray();
        return ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES + 1 + id.length)
                .put(CONFLICT)
                .putLong(conflict.index().value())
                .putInt(conflict.address().bits())
                .put((byte) (client.kind() == ClientId.Kind.HARDWARE ? 0 : 1))
                .put(id)
                .array();
    }

    /** In order of address. */
    static byte[] dns(Ipv4 address) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put(DNS)
                .putInt(address.bits())
                .array();
    }

    static Ipv4 dnsAddress(byte[] key) {
        return new Ipv4(ByteBuffer.wrap(key).getInt(1));
    }

    static Ipv4 checkedDnsAddress(byte[] key) throws UnreadableException {
        if (key.length != 1 + Integer.BYTES) {
            throw new UnreadableException(
                    "key of a DNS record is damaged: " + HexFormat.of().formatHex(key));
        }
        return dnsAddress(key);
    }

    static byte[] conflictsDropped() {
        return new byte[] {CONFLICT};
    }

    static byte[] declaredDown(ServerId server) {
        byte[] name = server.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + name.length).put(DECLARED_DOWN).put(name).array();
    }

    static ServerId server(byte[] key) throws UnreadableException {
        try {
            return new ServerId(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException("key of a server declared down is damaged: "
                    + HexFormat.of().formatHex(key));
        }
    }

    static byte[] earlierTerms(LogIndex index) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(EARLIER_TERMS)
                .putLong(index.value())
                .array();
    }

    static LogIndex index(byte[] key) throws UnreadableException {
        if (key.length != 1 + Long.BYTES || key[1] < 0) {
            throw new UnreadableException(
                    "key of earlier terms is damaged: " + HexFormat.of().formatHex(key));
        }
        return new LogIndex(ByteBuffer.wrap(key).getLong(1));
    }

    static Incarnation origin(byte[] key) throws UnreadableException {
        int named = 1 + Long.BYTES;
        try {
            String server = new String(key, named, Math.max(0, key.length - named), StandardCharsets.US_ASCII);
            return new Incarnation(new ServerId(server), ByteBuffer.wrap(key).getLong(1));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnreadableException(
                    "key of an exchange ledger is damaged: " + HexFormat.of().formatHex(key));
        }
    }
}
