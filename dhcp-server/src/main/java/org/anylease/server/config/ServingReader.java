package org.anylease.server.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.ServingRules.Bootp;

/** Reads how clients are served, how pools are given out, and which virtual private network a network belongs to. */
final class ServingReader {
    private static final int PERCENT_MAX = 99;

    /** A VPN identifier of RFC 2685: three octets of an organisation, four of its own. */
    private static final int VPN_ID_OCTETS = 7;

    /** Text (RFC 6607). */
    private static final byte VPN_TEXT = 0;

    /** A VPN identifier of RFC 2685 (RFC 6607). */
    private static final byte VPN_ID = 1;

    private static final int VPN_TEXT_MAX = 250;

    private ServingReader() {}

    static ServingRules serving(Section outer) {
        Optional<Cursor> cursor = outer.take("serving");
        if (cursor.isEmpty()) {
            return ServingRules.NONE;
        }
        Section section = new Section(cursor.get(), Concept.SERVING);
        ServingRules rules = new ServingRules(
                section.read("enabled", Notation::bool),
                section.read("broadcast", Notation::bool),
                section.read("own-address-as-router", Notation::bool),
                section.read("quarantine-declined", Notation::bool),
                section.read("offer-after", ServingReader::wait),
                section.read("bootp", ServingReader::bootp));
        section.done();
        return rules;
    }

    private static Duration wait(String text) {
        Duration wait =
                Notation.between(Duration.ZERO, ServingRules.OFFER_AFTER_MAX).apply(text);
        if (wait.toMillisPart() != 0) {
            throw new IllegalArgumentException("clients count whole seconds, not " + DurationText.format(wait)
                    + " (expected a whole number of seconds)");
        }
        return wait;
    }

    private static Bootp bootp(String word) {
        return switch (word) {
            case "none" -> Bootp.NONE;
            case "reserved" -> Bootp.RESERVED;
            case "all" -> Bootp.ALL;
            default ->
                throw new IllegalArgumentException("'" + word + "' names no clients (expected none, reserved or all)");
        };
    }

    static PoolingSettings pooling(Section section) {
        Long above = section.read("short-leases-above", Notation.number(1, PERCENT_MAX));
        return new PoolingSettings(
                above == null ? null : above.intValue(), section.read("bootp-lease", Notation::leaseTime));
    }

    /** A virtual private network as RFC 6607 writes it: a type, and what the type says. */
    static Octets vpn(String text) {
        if (Notation.looksLikeOctets(text)) {
            Octets octets = Notation.octets(text);
            if (octets.length() != VPN_ID_OCTETS) {
                throw new IllegalArgumentException("a VPN identifier of RFC 2685 has " + VPN_ID_OCTETS + " octets, not "
                        + octets.length() + " (expected 00:00:5e:00:00:00:2a, or a name)");
            }
            return typed(VPN_ID, octets.toArray());
        }
        byte[] name = text.getBytes(StandardCharsets.US_ASCII);
        if (text.isEmpty() || text.length() > VPN_TEXT_MAX || !text.matches("[ -~]*")) {
            throw new IllegalArgumentException("'" + text + "' names no VPN (expected up to " + VPN_TEXT_MAX
                    + " characters of ASCII, or seven octets)");
        }
        return typed(VPN_TEXT, name);
    }

    private static Octets typed(byte type, byte[] octets) {
        byte[] typed = new byte[octets.length + 1];
        typed[0] = type;
        System.arraycopy(octets, 0, typed, 1, octets.length);
        return Octets.of(typed);
    }

    /** As it is written in the file. */
    static String vpnText(Octets vpn) {
        byte[] octets = vpn.toArray();
        byte[] rest = new byte[octets.length - 1];
        System.arraycopy(octets, 1, rest, 0, rest.length);
        return octets[0] == VPN_ID ? Octets.of(rest).toString() : new String(rest, StandardCharsets.US_ASCII);
    }
}
