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

    @Test
    void interimTextIsThatOfDhcpd() {
        ClientId byHardware = new ClientId(ClientId.Kind.HARDWARE, MAC);
        ClientId byIdentifier = new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, MAC);
        assertThat(text(Dhcid.interim(byHardware))).startsWith("00").hasSize(34);
        assertThat(text(Dhcid.interim(byIdentifier))).startsWith("31").hasSize(34);
        assertThat(text(Dhcid.interim(byIdentifier)).substring(2))
                .as("MD5 of 01:01:02:03:04:05:06, by md5sum")
                .isEqualTo("46b6cacea62dc1d4567b068175d1f808");
    }

    private static String text(Octets octets) {
        return new String(octets.toArray(), StandardCharsets.US_ASCII);
    }
}
