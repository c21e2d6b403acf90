package org.anylease.server.isc.syntax;

import java.util.List;

/**
 * What an option holds, as its definition says (dhcp-options(5), <i>defining new options</i>).
 *
 * @param fields what stands in it, in order
 * @param repeats whether the fields may stand in it several times
 * @param encapsulates the option space within it, empty when there is none
 */
public record OptionFormat(List<Field> fields, boolean repeats, String encapsulates) {
    /** What one field holds. */
    public enum FieldType {
        /** One octet, {@code true}, {@code on}, {@code false} or {@code off}. */
        BOOLEAN,
        /** A signed number of 8 bits. */
        INT8,
        /** A signed number of 16 bits. */
        INT16,
        /** A signed number of 32 bits. */
        INT32,
        /** A number of 8 bits. */
        UINT8,
        /** A number of 16 bits. */
        UINT16,
        /** A number of 32 bits. */
        UINT32,
        /** An IPv4 address. */
        IP,
        /** An IPv6 address. */
        IP6,
        /** Text in quotes. */
        TEXT,
        /** Octets, or text in quotes. */
        STRING,
        /** A domain name without quotes. */
        DOMAIN,
        /** Domain names in quotes. */
        DOMAIN_LIST,
        /** Domain names in quotes, with pointers (RFC 1035 §4.1.4). */
        COMPRESSED_DOMAIN_LIST,
        /** Nothing: the option is there or not. */
        EMPTY
    }

    /**
     * A field.
     *
     * @param type what it holds
     * @param repeats whether there may be several
     */
    public record Field(FieldType type, boolean repeats) {}

    /** Copies the fields. */
    public OptionFormat {
        fields = List.copyOf(fields);
    }

    /**
     * An option of one field.
     *
     * @param type what it holds
     * @param repeats whether there may be several
     * @return the format
     */
    public static OptionFormat of(FieldType type, boolean repeats) {
        return new OptionFormat(List.of(new Field(type, false)), repeats, "");
    }
}
