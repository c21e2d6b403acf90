package org.anylease.server.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Option 81 in both encodings (RFC 4702 §2). */
final class ClientFqdnTest {
    private static Optional<ClientFqdn> decode(String hex) {
        return ClientFqdn.decode(HexFormat.of().parseHex(hex));
    }

    @Test
    void canonicalNameWithRootIsComplete() {
        // S and E; "pc7.example.net".
        String hex = "050000" + "03706337" + "076578616d706c65" + "036e6574" + "00";
        assertThat(decode(hex)).contains(new ClientFqdn(true, false, true, false, "pc7.example.net", true));
    }

    @Test
    void canonicalNameWithoutRootIsPartial() {
        assertThat(decode("040000" + "03706337")).contains(new ClientFqdn(false, false, true, false, "pc7", false));
    }

    @Test
    void asciiNameIsReadAsWell() {
        assertThat(decode("010000" + "706337")).contains(new ClientFqdn(true, false, false, false, "pc7", false));
        assertThat(decode("080000" + "7063372e6e6574"))
                .contains(new ClientFqdn(false, false, false, true, "pc7.net", true));
    }

    @Test
    void clientMayLeaveItsNameToTheServer() {
        assertThat(decode("050000")).contains(new ClientFqdn(true, false, true, false, "", false));
        assertThat(decode("010000")).contains(new ClientFqdn(true, false, false, false, "", false));
    }

    @Test
    void whatIsNoOptionIsNotRead() {
        assertThat(decode("0500")).as("too short").isEmpty();
        assertThat(decode("0d000003706337")).as("S and N at once, §2.1").isEmpty();
        assertThat(decode("05000009706337")).as("a label past the end").isEmpty();
        assertThat(decode("050000c003706337")).as("a pointer").isEmpty();
    }

    @Test
    void replyStandsInTheEncodingOfTheClient() {
        ClientFqdn reply = new ClientFqdn(true, true, true, false, "pc7.net", true);
        assertThat(HexFormat.of().formatHex(reply.encode())).isEqualTo("07ffff" + "03706337" + "036e6574" + "00");
        ClientFqdn ascii = new ClientFqdn(true, false, false, false, "pc7.net", true);
        assertThat(HexFormat.of().formatHex(ascii.encode())).isEqualTo("01ffff" + "7063372e6e6574");
    }
}
