package org.anylease.server.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;

/** Collects options. Putting a code again replaces its value and keeps its place. Not for several threads at once. */
public final class OptionsBuilder {
    private final List<Entry> entries = new ArrayList<>(16);

    OptionsBuilder() {}

    /** An option on its way in; the array is ours alone. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and never handed out.
    private record Entry(int code, byte[] value) {}

    /**
     * Puts a value as it is.
     *
     * @param code 1 to 254, but not 52, which is the codec's business
     * @param value the value; copied
     * @return this builder
     */
    public OptionsBuilder bytes(int code, byte... value) {
        if (value.length > Options.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("option " + code + " of " + value.length + " bytes is too long");
        }
        return put(code, value.clone());
    }

    /**
     * Puts a value as it is.
     *
     * @param code 1 to 254, but not 52, which is the codec's business
     * @param value the value, of at most 65535 octets
     * @return this builder
     */
    public OptionsBuilder octets(int code, Octets value) {
        if (value.length() > Options.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("option " + code + " of " + value.length() + " octets is too long");
        }
        return put(code, value.toArray());
    }

    /**
     * Puts the value that an option has elsewhere, such as in the request that is answered; nothing where it is absent.
     *
     * @param code the option
     * @param from where it is looked for
     * @return this builder
     */
    public OptionsBuilder echo(int code, Options from) {
        int position = from.positionOf(code);
        return position < 0 ? this : put(code, from.valueAt(position));
    }

    /** Puts a value and takes its array over. */
    OptionsBuilder put(int code, byte[] value) {
        if (code <= OptionCode.PAD || code >= OptionCode.END || code == OptionCode.OVERLOAD) {
            throw new IllegalArgumentException("option " + code + " cannot be set");
        }
        Entry entry = new Entry(code, value);
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).code == code) {
                entries.set(i, entry);
                return this;
            }
        }
        entries.add(entry);
        return this;
    }

    /**
     * Puts an unsigned byte.
     *
     * @param code the option
     * @param value 0 to 255
     * @return this builder
     */
    public OptionsBuilder u8(int code, int value) {
        return put(code, bigEndian(value, 1));
    }

    /**
     * Puts an unsigned 16-bit number.
     *
     * @param code the option
     * @param value 0 to 65535
     * @return this builder
     */
    public OptionsBuilder u16(int code, int value) {
        return put(code, bigEndian(value, 2));
    }

    /**
     * Puts an unsigned 32-bit number.
     *
     * @param code the option
     * @param value 0 to 4294967295
     * @return this builder
     */
    public OptionsBuilder u32(int code, long value) {
        return put(code, bigEndian(value, 4));
    }

    private static byte[] bigEndian(long value, int length) {
        if (value < 0 || value >>> (length * 8) != 0) {
            throw new IllegalArgumentException(value + " does not fit into " + length + " unsigned bytes");
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> ((length - 1 - i) * 8));
        }
        return bytes;
    }

    /**
     * Puts an address.
     *
     * @param code the option
     * @param address the address
     * @return this builder
     */
    public OptionsBuilder ipv4(int code, Ipv4 address) {
        return put(code, bigEndian(address.unsigned(), 4));
    }

    /**
     * Puts addresses.
     *
     * @param code the option
     * @param addresses the addresses, most preferred first
     * @return this builder
     */
    public OptionsBuilder ipv4List(int code, List<Ipv4> addresses) {
        byte[] value = new byte[addresses.size() * 4];
        for (int i = 0; i < addresses.size(); i++) {
            System.arraycopy(bigEndian(addresses.get(i).unsigned(), 4), 0, value, i * 4, 4);
        }
        return bytes(code, value);
    }

    /**
     * Puts text, without a NUL at its end (RFC 2132 §2).
     *
     * @param code the option
     * @param text characters up to U+00FF, as {@link Options#string} reads them
     * @return this builder
     */
    public OptionsBuilder string(int code, String text) {
        if (!text.chars().allMatch(c -> c <= 255)) {
            throw new IllegalArgumentException("option " + code + " cannot carry '" + text + "' (RFC 2132 §2)");
        }
        return bytes(code, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Puts the message type, option 53.
     *
     * @param type the type
     * @return this builder
     */
    public OptionsBuilder messageType(MessageType type) {
        return u8(OptionCode.MESSAGE_TYPE, type.code());
    }

    /**
     * Puts relay agent information, option 82, verbatim (RFC 3046 §2.2). The codec sends it last.
     *
     * @param information what the relay sent
     * @return this builder
     */
    public OptionsBuilder relayInformation(RelayInformation information) {
        return bytes(OptionCode.RELAY_AGENT_INFORMATION, information.bytes());
    }

    /**
     * Takes an option out, if it is there.
     *
     * @param code the option
     * @return this builder
     */
    public OptionsBuilder remove(int code) {
        entries.removeIf(entry -> entry.code == code);
        return this;
    }

    /**
     * The options put so far.
     *
     * @return the options
     */
    public Options build() {
        if (entries.isEmpty()) {
            return Options.EMPTY;
        }
        int total = 0;
        for (Entry entry : entries) {
            total += entry.value.length;
        }
        byte[] store = new byte[total];
        long[] index = new long[entries.size()];
        int at = 0;
        for (int i = 0; i < index.length; i++) {
            Entry entry = entries.get(i);
            index[i] = Options.entry(entry.code, at, entry.value.length);
            System.arraycopy(entry.value, 0, store, at, entry.value.length);
            at += entry.value.length;
        }
        return new Options(store, index);
    }
}
