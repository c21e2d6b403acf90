package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.anylease.server.action.Act;
import org.anylease.server.action.LeaseAction;
import org.anylease.server.action.LeaseActions;
import org.anylease.server.action.LeaseEvent;
import org.anylease.server.event.Level;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.ExpressionException;
import org.anylease.server.expression.OptionNames;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done when something happens to leases: once, and by whom. */
final class ActingTest {
    private static final Ipv4 RELAY = Ipv4.parse("10.0.0.1");

    private final Rig rig = Rig.standard();

    private static Expression expression(String text) {
        try {
            return Expression.compileForLease(text, OptionNames.NONE);
        } catch (ExpressionException e) {
            throw new AssertionError(text, e);
        }
    }

    private static LeaseAction action(LeaseEvent event, @Nullable String match, @Nullable String line, String... run) {
        return new LeaseAction(
                "a",
                new TreeSet<>(List.of(event)),
                match == null ? null : expression(match),
                line == null ? null : expression(line),
                Level.INFO,
                run.length == 0 ? null : run[0],
                List.of(run).stream().skip(1).map(ActingTest::expression).toList());
    }

    @BeforeEach
    void actions() {
        rig.hear(new Input.ActionsChanged(new LeaseActions(List.of(
                action(LeaseEvent.COMMIT, null, "concat(request, \" \", binary-to-ascii(10, 8, \".\", lease.address))"),
                action(
                        LeaseEvent.COMMIT,
                        "host-name == \"lab\"",
                        null,
                        "notify",
                        "host-name",
                        "pick-first-value(option[77], \"\")",
                        "0x0a"),
                action(LeaseEvent.COMMIT, "host-name == \"lab\"", null, "notify", "host-name", "option[77]"),
                action(LeaseEvent.RELEASE, null, "concat(\"released \", binary-to-ascii(10, 8, \".\", lease.address))"),
                action(
                        LeaseEvent.EXPIRY,
                        null,
                        "concat(\"expired \", binary-to-ascii(16, 8, \":\", hardware.address), \" \", host-name)")))));
    }

    private Ipv4 lease(int client, String hostname) {
        Packet offer =
                rig.ask(named(Packets.discover(client), hostname).via(RELAY).build(), Packets.fromRelay(RELAY));
        Packet ack = rig.ask(
                named(Packets.selecting(client, offer.yiaddr()), hostname)
                        .via(RELAY)
                        .build(),
                Packets.fromRelay(RELAY));
        assertThat(ack.messageType()).contains(MessageType.ACK);
        return ack.yiaddr();
    }

    private static Packets named(Packets packet, String hostname) {
        return packet.option(OptionCode.HOSTNAME, hostname.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void anAcknowledgementIsTheCommitAndAnOfferIsNone() {
        Packet offer = rig.ask(Packets.discover(1).via(RELAY).build(), Packets.fromRelay(RELAY));
        assertThat(rig.acts).isEmpty();

        rig.ask(Packets.selecting(1, offer.yiaddr()).via(RELAY).build(), Packets.fromRelay(RELAY));
        assertThat(rig.acts).containsExactly(new Act.Line("a", Level.INFO, "selecting " + offer.yiaddr()));
    }

    @Test
    void oneRequestThatComesOverTwoRelaysIsOneCommit() {
        Packet offer = rig.ask(Packets.discover(1).via(RELAY).build(), Packets.fromRelay(RELAY));
        Packet request = Packets.selecting(1, offer.yiaddr()).via(RELAY).build();
        rig.receive(request, Packets.fromRelay(RELAY));
        rig.receive(request, Packets.fromRelay(Ipv4.parse("10.0.0.2")));
        rig.run();

        assertThat(rig.acts).containsExactly(new Act.Line("a", Level.INFO, "selecting " + offer.yiaddr()));
    }

    @Test
    void aCommandGetsNothingUnprintableAndIsNotRunWhereAnArgumentIsMissing() {
        Ipv4 address = lease(1, "lab");

        assertThat(rig.acts)
                .containsExactly(
                        new Act.Line("a", Level.INFO, "selecting " + address),
                        new Act.Run("a", "notify", List.of("lab", "", "\\x0a")),
                        new Act.Incomplete("a", "notify"));
    }

    @Test
    void aReleaseIsToldOnceWhenItIsCommitted() {
        Ipv4 address = lease(1, "pc");
        rig.acts.clear();

        Packet release = Packets.of(MessageType.RELEASE, 1).ciaddr(address).build();
        rig.receive(release, Packets.fromRelay(RELAY));
        rig.run();
        rig.receive(release, Packets.fromRelay(RELAY));
        rig.run();

        assertThat(rig.acts).containsExactly(new Act.Line("a", Level.INFO, "released " + address));
    }

    @Test
    void whatRunsOutByThisServersCommandIsToldOnce() {
        Ipv4 address = lease(1, "pc");
        rig.acts.clear();
        Binding held = rig.table().binding(address).orElseThrow();
        assertThat(held.state()).isEqualTo(BindingState.ACTIVE);
        rig.wake(Duration.ofHours(30));
        LogIndex expired = rig.commit().index();
        Binding ranOut = rig.table().binding(address).orElseThrow();
        assertThat(ranOut.state()).isEqualTo(BindingState.EXPIRED);
        assertThat(ranOut.index()).isEqualTo(expired);

        rig.hear(new Input.LeasesRanOut(Configs.CELL, expired, List.of(ranOut)));
        assertThat(rig.acts).containsExactly(new Act.Line("a", Level.INFO, "expired 2:0:0:0:0:1 pc"));
        rig.hear(new Input.LeasesRanOut(Configs.CELL, expired, List.of(ranOut)));
        assertThat(rig.acts).as("an entry is applied once").hasSize(1);
    }

    @Test
    void whatIsAppliedBeforeItsProposerHearsOfItIsToldThen() {
        Ipv4 address = lease(1, "pc");
        rig.acts.clear();
        Binding held = rig.table().binding(address).orElseThrow();
        rig.wake(Duration.ofHours(30));
        LogIndex next = new LogIndex(rig.table().appliedIndex().value() + 1);

        rig.hear(new Input.LeasesRanOut(Configs.CELL, next, List.of(held)));
        assertThat(rig.acts).as("nobody knows yet whose entry it is").isEmpty();
        assertThat(rig.commit().index()).isEqualTo(next);

        assertThat(rig.acts).containsExactly(new Act.Line("a", Level.INFO, "expired 2:0:0:0:0:1 pc"));
    }

    @Test
    void whatRunsOutByAnothersCommandIsNotTold() {
        Ipv4 address = lease(1, "pc");
        rig.acts.clear();
        Binding held = rig.table().binding(address).orElseThrow();
        for (int i = 0; i < 200; i++) {
            rig.hear(new Input.LeasesRanOut(Configs.CELL, new LogIndex(1_000 + i), List.of(held)));
        }
        assertThat(rig.acts).isEmpty();
    }

    @Test
    void textHasABound() {
        String hostname = "x".repeat(250);
        rig.hear(new Input.ActionsChanged(new LeaseActions(List.of(action(
                LeaseEvent.COMMIT,
                null,
                "concat(host-name, host-name, host-name, host-name, host-name, host-name, 0x0a)")))));

        lease(1, hostname);

        assertThat(rig.acts).hasSize(1);
        assertThat(((Act.Line) rig.acts.getFirst()).text()).hasSizeBetween(1_000, LeaseActions.LENGTH_MAX);
    }
}
