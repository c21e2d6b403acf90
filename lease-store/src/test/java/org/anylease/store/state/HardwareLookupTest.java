package org.anylease.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bindings are found by hardware address, whatever their clients are known by, and however the index came to be. */
class HardwareLookupTest {
    private final Cells.Driver cell = new Cells.Driver();

    @BeforeEach
    void configure() {
        cell.configure(Cells.network("lan", true, Cells.subnet("10.0.0.0/16", List.of("10.0.0.0-10.0.3.255"))));
    }

    private static Octets hardware(int number) {
        return Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) (number >> 8), (byte) number);
    }

    /** Known by a client identifier, or by its hardware address alone. */
    private static LeaseClient client(int number, int hardware, boolean identified) {
        Octets value = identified ? Octets.of((byte) 0, (byte) (number >> 8), (byte) number) : hardware(hardware);
        ClientId.Kind kind = identified ? ClientId.Kind.CLIENT_IDENTIFIER : ClientId.Kind.HARDWARE;
        return new LeaseClient(new ClientId(kind, value), hardware(hardware), "", Octets.EMPTY, Ipv4.parse("10.0.0.1"));
    }

    private void commit(LeaseClient client, int address) {
        cell.run(new LeaseCommand.CommitLease(
                client, "lan", Ipv4.parse("10.0.0.0").plus(address), RequestKind.SELECTING, null));
    }

    private static List<Ipv4> addresses(List<Binding> bindings) {
        return bindings.stream().map(Binding::address).toList();
    }

    @Test
    void findsClientsOfEitherKind() {
        HardwareLookup lookup = new HardwareLookup(cell.table);
        commit(client(1, 7, true), 1);
        commit(client(2, 7, true), 2);
        commit(client(3, 7, false), 3);
        commit(client(4, 8, true), 4);
        assertThat(addresses(lookup.bindingsOf(hardware(7))))
                .containsExactly(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.2"), Ipv4.parse("10.0.0.3"));
        assertThat(lookup.bindingsOf(hardware(9))).isEmpty();
    }

    @Test
    void forgetsTheHardwareThatAClientShowsNoMore() {
        HardwareLookup lookup = new HardwareLookup(cell.table);
        commit(client(1, 7, true), 1);
        commit(client(1, 8, true), 1);
        assertThat(lookup.bindingsOf(hardware(7))).isEmpty();
        assertThat(addresses(lookup.bindingsOf(hardware(8)))).containsExactly(Ipv4.parse("10.0.0.1"));
    }

    @Test
    void filesWhatWasThereAPartAtATimeWhileEverythingChanges() {
        Random random = new Random(4388);
        for (int i = 0; i < 600; i++) {
            commit(client(i, random.nextInt(200), random.nextBoolean()), i);
        }
        HardwareLookup lookup = new HardwareLookup(cell.table);
        while (lookup.file(7) > 0) {
            int number = random.nextInt(800);
            commit(client(number, random.nextInt(200), true), number);
        }
        for (int number = 0; number < 200; number++) {
            Octets hardware = hardware(number);
            List<Ipv4> expected = new ArrayList<>();
            for (int i = 0; i < 1024; i++) {
                cell.table
                        .binding(Ipv4.parse("10.0.0.0").plus(i))
                        .filter(binding -> binding.client() != null
                                && binding.client().hardware().equals(hardware))
                        .ifPresent(binding -> expected.add(binding.address()));
            }
            assertThat(addresses(lookup.bindingsOf(hardware))).isEqualTo(expected);
        }
    }
}
