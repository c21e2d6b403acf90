package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.junit.jupiter.api.Test;

/** A binding in a backup is the binding. */
class BindingJsonTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Octets HARDWARE = Octets.parseHex("01020000000001");
    private static final LeaseClient CLIENT = new LeaseClient(
            new ClientId(ClientId.Kind.HARDWARE, HARDWARE),
            HARDWARE,
            "printer",
            Octets.parseHex("01020007"),
            Ipv4.parse("10.0.0.1"));

    private static Binding bound(LeaseClient client) {
        return Binding.neverUsed(Ipv4.parse("10.0.0.9"), 1)
                .bind(new LogIndex(7), client, NOW, NOW.plusSeconds(60), new ServerId("a"), 0);
    }

    @Test
    void keepsTheClassesOfAClient() throws Exception {
        Binding binding = bound(CLIENT.in(List.of(
                new ClassMembership("phones", Octets.EMPTY),
                new ClassMembership("per-port", Octets.parseHex("0007")))));

        assertThat(BindingJson.read(BindingJson.tree(binding))).isEqualTo(binding);
        assertThat(BindingJson.tree(binding).path("client").path("classes").toString())
                .isEqualTo("[{\"name\":\"phones\",\"value\":\"\"},{\"name\":\"per-port\",\"value\":\"00:07\"}]");
    }

    @Test
    void saysNothingOfClassesWhereThereIsNone() throws Exception {
        assertThat(BindingJson.tree(bound(CLIENT)).path("client").has("classes"))
                .isFalse();
        assertThat(BindingJson.read(BindingJson.tree(bound(CLIENT)))).isEqualTo(bound(CLIENT));
    }
}
