package org.anylease.server.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.ClientId;

/** Whose a name is, so that no client takes another's (RFC 4701), without telling anybody who that is. */
public final class Dhcid {
    private static final int HARDWARE = 0;
    private static final int CLIENT_IDENTIFIER = 1;
    private static final int DUID = 2;
    private static final int SHA_256 = 1;

    /** The type of a client identifier that holds an IAID of four octets and a DUID (RFC 4361 §6.1). */
    private static final int RFC_4361 = 255;

    private static final int DUID_AT = 5;
    private static final int OPTION_CLIENT_IDENTIFIER = 61;

    private Dhcid() {}

    /**
     * The data of the DHCID record (RFC 4701 §3.3): what identifies the client, type of digest, SHA-256 of that identity
     * and the name (§3.5).
     *
     * @param client the client; by hardware, type and address
     * @param name its fully qualified name, without the final dot
     * @return 35 octets
     */
    public static Octets standard(ClientId client, String name) {
        Octets id = client.value();
        return switch (client.kind()) {
            case HARDWARE -> data(HARDWARE, id.toArray(), name);
            case CLIENT_IDENTIFIER ->
                id.length() > DUID_AT && id.at(0) == RFC_4361
                        ? ofDuid(Octets.of(id.toArray(), DUID_AT, id.length() - DUID_AT), name)
                        : data(CLIENT_IDENTIFIER, id.toArray(), name);
        };
    }

    /**
     * The data of the DHCID record of a client with a DUID.
     *
     * @param duid the DUID
     * @param name its fully qualified name, without the final dot
     * @return 35 octets
     */
    static Octets ofDuid(Octets duid, String name) {
        return data(DUID, duid.toArray(), name);
    }

    private static Octets data(int type, byte[] identifier, String name) {
        MessageDigest digest = digest("SHA-256");
        digest.update(identifier);
        digest.update(wireName(name.toLowerCase(Locale.ROOT), true));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type >> 8);
        out.write(type);
        out.write(SHA_256);
        out.writeBytes(digest.digest());
        return Octets.of(out.toByteArray());
    }

    /**
     * The text of the TXT record that ISC's dhcpd keeps in its interim style: two digits for what identifies the client,
     * and the MD5 of that in hexadecimal. The second digit is the option's code modulo 15, as dhcpd has it.
     *
     * @param client the client
     * @return 34 octets, ASCII
     */
    public static Octets interim(ClientId client) {
        int type = client.kind() == ClientId.Kind.HARDWARE ? 0 : OPTION_CLIENT_IDENTIFIER;
        String text = Integer.toHexString(type >> 4)
                + Integer.toHexString(type % 15)
                + HexFormat.of().formatHex(digest("MD5").digest(client.value().toArray()));
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A name as DNS writes it, uncompressed (RFC 1035 §3.1); one that is not complete has no root label. */
    static byte[] wireName(String name, boolean complete) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            if (!label.isEmpty()) {
                byte[] octets = label.getBytes(StandardCharsets.ISO_8859_1);
                out.write(octets.length);
                out.writeBytes(octets);
            }
        }
        if (complete) {
            out.write(0);
        }
        return out.toByteArray();
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256 and MD5", e);
        }
    }
}
