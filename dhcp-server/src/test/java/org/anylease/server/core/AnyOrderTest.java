package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.port.Arrival;
import org.anylease.server.port.ProbeResult;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.lease.BindingState;
import org.anylease.store.replication.Proposal;
import org.junit.jupiter.api.Test;

/**
 * Clients of two servers that share a cell, with everything answered in any order, late, twice asked, or not at all.
 *
 * <p>Whatever the order: no ACK for an address that the cell does not say is the client's; no two clients with ACKs for
 * one address; no OFFER of an address that a stranger answers for; one answer for each packet at most, and one count of
 * what became of it; and in the end, when all goes well again, everybody is served.
 */
final class AnyOrderTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 150;
    private static final int CLIENTS = 6;

    private static final class Run {
        final SplittableRandom random;
        final SharedCell cell = new SharedCell();
        final List<Rig> rigs = new ArrayList<>();
        final TreeSet<Ipv4> strangers = new TreeSet<>();
        final TreeMap<Integer, Ipv4> offered = new TreeMap<>();
        final TreeMap<Ipv4, Integer> leased = new TreeMap<>();
        final TreeSet<Integer> awaited = new TreeSet<>();
        int xid;

        Run(long seed) {
            random = new SplittableRandom(seed);
            cell.configure(Configs.standard(), Rig.START);
            rigs.add(new Rig("a", cell, 4));
            rigs.add(new Rig("b", cell, 4));
            for (int i = 10; i <= 20; i++) {
                if (random.nextInt(4) == 0 && strangers.size() < 4) {
                    strangers.add(Ipv4.parse("10.0.0." + i));
                }
            }
        }

        void step() {
            Rig rig = rigs.get(random.nextInt(2));
            switch (random.nextInt(8)) {
                case 0, 1 -> packet(rig, 1 + random.nextInt(CLIENTS));
                case 2, 3 -> probe(rig);
                case 4, 5, 6 -> proposal(rig);
                default -> {
                    rig.lag(random.nextInt(3) == 0);
                    rigs.forEach(each -> each.wake(Duration.ofMillis(200)));
                }
            }
            check(rig);
        }

        private void packet(Rig rig, int client) {
            Ipv4 relay = new Ipv4(Ipv4.parse("10.0.0.1").bits() + random.nextInt(2));
            Arrival arrival = Packets.fromRelay(relay);
            Ipv4 offer = offered.get(client);
            Packets packet =
                    offer == null || random.nextBoolean() ? Packets.discover(client) : Packets.selecting(client, offer);
            int id = ++xid;
            awaited.add(id);
            rig.receive(packet.via(relay).xid(id).build(), arrival);
        }

        private void probe(Rig rig) {
            if (!rig.probes.isEmpty()) {
                boolean inUse = strangers.contains(rig.probes.getFirst().address());
                if (inUse) {
                    rig.answered();
                } else if (random.nextInt(5) == 0) {
                    rig.probed(new ProbeResult.LocalError("ENOBUFS"));
                } else {
                    rig.silent();
                }
            }
        }

        private void proposal(Rig rig) {
            if (!rig.proposals.isEmpty()) {
                switch (random.nextInt(10)) {
                    case 0 -> rig.settle(new Proposal.Unknown());
                    case 1 -> {
                        cell.commit(rig.self, rig.proposals.getFirst().command(), rig.now());
                        rig.settle(new Proposal.Unknown());
                    }
                    default -> rig.commit();
                }
            }
        }

        void check(Rig rig) {
            for (Rig.Sent sent : rig.sent) {
                Packet reply = sent.packet();
                int client = reply.hardware().bytes()[5];
                assertThat(awaited.remove(reply.xid()))
                        .as("answers once: %s", reply)
                        .isTrue();
                Ipv4 address = reply.yiaddr();
                switch (reply.messageType().orElseThrow()) {
                    case OFFER -> {
                        assertThat(strangers).doesNotContain(address);
                        offered.put(client, address);
                    }
                    case ACK -> {
                        var binding = cell.leader().binding(address).orElseThrow();
                        assertThat(binding.state()).isEqualTo(BindingState.ACTIVE);
                        assertThat(binding.client()).isNotNull();
                        assertThat(binding.client().id()).isEqualTo(Identities.hardware(client));
                        assertThat(leased.getOrDefault(address, client)).isEqualTo(client);
                        assertThat(reply.options().u32(OptionCode.ADDRESS_TIME)).isPresent();
                        leased.put(address, client);
                    }
                    case NAK -> offered.remove(client);
                    default -> throw new AssertionError("unexpected " + reply);
                }
            }
            rig.sent.clear();
        }

        void heal() {
            for (Rig rig : rigs) {
                rig.lag(false);
                rig.wake(ExchangeBook.LIFE_MAX);
                assertThat(rig.open())
                        .as("packets of which nobody knows what became")
                        .isZero();
                rig.proposals.clear();
                rig.probes.clear();
            }
            for (int client = 1; client <= CLIENTS; client++) {
                Rig rig = rigs.get(client % 2);
                rig.receive(discover(client), Packets.fromRelay(Configs.OFFICE_RELAY));
                while (!rig.probes.isEmpty() || !rig.proposals.isEmpty()) {
                    if (!rig.probes.isEmpty()
                            && strangers.contains(rig.probes.getFirst().address())) {
                        rig.answered();
                    } else if (!rig.probes.isEmpty()) {
                        rig.silent();
                    } else {
                        rig.commit();
                    }
                }
                assertThat(rig.reply().packet().messageType()).contains(MessageType.OFFER);
            }
        }

        private Packet discover(int client) {
            return Packets.discover(client).via(Configs.OFFICE_RELAY).build();
        }
    }

    @Test
    void whateverTheOrderNobodyIsPromisedWhatIsAnothers() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed);
            try {
                for (int i = 0; i < STEPS; i++) {
                    run.step();
                }
                run.heal();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
