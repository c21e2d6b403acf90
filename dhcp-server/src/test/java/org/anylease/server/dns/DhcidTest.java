package org.anylease.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.ClientId;
import org.junit.jupiter.api.Test;

/** The examples of RFC 4701 §3.6, and what ISC's dhcpd keeps in its interim style. */
final class DhcidTest {
    private static final Octets MAC = Octets.parseHex("01010203040506");

    private static String base64(Octets octets) {
        return Base64.getEncoder().encodeToString(octets.toArray());
    }

    @Test
    void exampleOneIsOfADuid() {
        Octets duid = Octets.parseHex("00010006412df166010203040506");
        assertThat(base64(Dhcid.ofDuid(duid, "chi6.example.com")))
                .isEqualTo("AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=");
    }

    @Test
    void exampleTwoIsOfAClientIdentifier() {
        ClientId client = new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex("010708090a0b0c"));
        assertThat(base64(Dhcid.standard(client, "chi.example.com")))
                .isEqualTo("AAEBOSD+XR3Os/0LozeXVqcNc7FwCfQdWL3b/NaiUDlW2No=");
    }

    @Test
    void exampleThreeIsOfAHardwareAddress() {
        ClientId client = new ClientId(ClientId.Kind.HARDWARE, MAC);
        assertThat(base64(Dhcid.standard(client, "client.example.com")))
                .isEqualTo("AAABxLmlskllE0MVjd57zHcWmEH3pCQ6VytcKD//7es/deY=");
    }

    @Test
    void nameCountsInLowerCase() {
        ClientId client = new ClientId(ClientId.Kind.HARDWARE, MAC);
        assertThat(Dhcid.standard(client, "CLIENT.Example.com"))
                .isEqualTo(Dhcid.standard(client, "client.example.com"));
    }

    @Test
    void identifierOfRfc4361CountsByItsDuid() {
        Octets duid = Octets.parseHex("00010006412df166010203040506");
        ClientId client = new ClientId(
                ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex("ff00000001" + "00010006412df166010203040506"));
        assertThat(Dhcid.standard(client, "chi6.example.com")).isEqualTo(Dhcid.ofDuid(duid, "chi6.example.com"));
    }

    /** What dhcpd 4.4.3 put into BIND for two clients with one hardware address, of which one sent an identifier. */
    @Test
    void dhcpdWritesTheSameInBothStyles() {
        Octets hardware = Octets.parseHex("01020000000007");
        ClientId byIdentifier = new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, hardware);
        ClientId byHardware = new ClientId(ClientId.Kind.HARDWARE, hardware);
        assertThat(text(Dhcid.interim(byIdentifier))).isEqualTo("313ffbc34c49a536d383ce1f0aba0b9908");
        assertThat(text(Dhcid.interim(byHardware))).isEqualTo("003ffbc34c49a536d383ce1f0aba0b9908");
        assertThat(base64(Dhcid.standard(byIdentifier, "withidstandard.example.net")))
                .isEqualTo("AAEB5ccPzOa2xWqEV3CFnBEstqkdlGL3snZp1VRI3jKgFM8=");
        assertThat(base64(Dhcid.standard(byHardware, "noidstandard.example.net")))
                .isEqualTo("AAABjGW2S3mji/Y2OT+nY4NDxurdbzU7rsJ2DcVlKnE0qaw=");
    }

    private static String text(Octets octets) {
        return new String(octets.toArray(), StandardCharsets.US_ASCII);
    }
}
