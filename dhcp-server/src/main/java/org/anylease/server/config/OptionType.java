package org.anylease.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an option's value holds, and so how it is written and encoded. */
public enum OptionType {
    /** One address. */
    IPV4,
    /** One or more addresses. */
    IPV4_LIST,
    /** One or more pairs of addresses, each {@code "10.0.0.0 10.0.0.1"} (RFC 2132 §4.3, §5.8). */
    IPV4_PAIRS,
    /** 0 to 255. */
    U8,
    /** One or more of 0 to 255. */
    U8_LIST,
    /** 0 to 65535. */
    U16,
    /** One or more of 0 to 65535. */
    U16_LIST,
    /** 0 to 4294967295. */
    U32,
    /** A signed number of 32 bits. */
    I32,
    /** A number of seconds of 32 bits, written as a number or a duration. */
    SECONDS,
    /** True or false, one octet. */
    BOOL,
    /** Text in UTF-8, at least one octet, not ended by NUL (RFC 2132 §2). */
    TEXT,
    /** A domain name as labels (RFC 1035 §3.1). */
    DOMAIN,
    /** Domain names as labels, one after the other. */
    DOMAIN_LIST,
    /** Domain names as labels, with pointers to what stands earlier (RFC 1035 §4.1.4, RFC 3397 §2). */
    COMPRESSED_DOMAIN_LIST,
    /** Routes, each {@code "10.0.0.0/8 via 10.0.0.1"}, or a map from prefix to router (RFC 3442). */
    ROUTES,
    /** Addresses only or domain names only, told apart by the first octet (RFC 3361 §3). */
    SIP_SERVERS,
    /** Octets, {@code 0x0104…} or {@code 01:04:…}. */
    HEX,
    /** Options within the option, a map from code to octets or to type and value (RFC 2132 §8.4). */
    SUBOPTIONS;

    /**
     * The type's name in files.
     *
     * @return such as {@code ipv4-list}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String[] names() {
        return Arrays.stream(values()).map(OptionType::word).toArray(String[]::new);
    }

    static Optional<OptionType> named(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}
