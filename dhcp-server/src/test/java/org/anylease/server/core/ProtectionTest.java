package org.anylease.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.wire.MessageType;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** Whom a server does not serve, and when it is too much. What it does not prove: how much a flood costs. */
final class ProtectionTest {
    private static void discover(Rig rig, int client, Ipv4 relay, int circuit) {
        rig.receive(
                Packets.discover(client)
                        .via(relay)
                        .relayInformation(1, 1, circuit)
                        .build(),
                Packets.fromRelay(relay));
        rig.run();
    }

    private static void bind(Rig rig, int client) {
        rig.receive(
                Packets.selecting(client, Ipv4.parse("10.0.0.1" + client))
                        .via(Configs.OFFICE_RELAY)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.run();
    }

    @Test
    void takesPacketsOfRelaysThatAreAllowedAndOfClientsWithoutOne() {
        Rig rig = Rig.limited(new Limits(List.of(AddressRange.parse("10.0.0.0/24")), 0, 0, 0, 0));
        discover(rig, 1, Configs.OFFICE_RELAY, 1);
        assertThat(rig.sent).hasSize(1);
        discover(rig, 2, Configs.LAB_RELAY, 1);
        assertThat(rig.sent).hasSize(1);
        assertThat(rig.count(ServerEvent.RELAY_NOT_ALLOWED)).isEqualTo(1);
        assertThat(rig.ended.getLast().outcome()).isEqualTo(PacketOutcome.DROPPED);
        rig.receive(Packets.discover(3).build(), Packets.onLink());
        rig.run();
        assertThat(rig.sent).hasSize(2);
    }

    @Test
    void countsAnUnknownRelayAndDropsItsPackets() {
        Rig rig = Rig.standard();
        discover(rig, 1, Ipv4.parse("172.20.0.1"), 1);
        assertThat(rig.sent).isEmpty();
        assertThat(rig.count(ServerEvent.UNKNOWN_GIADDR)).isEqualTo(1);
    }

    @Test
    void dropsWhatAClientSendsTooMuchOfUntilTheMinuteIsOver() {
        Rig rig = Rig.limited(new Limits(List.of(), 3, 0, 0, 0));
        for (int i = 0; i < 5; i++) {
            discover(rig, 1, Configs.OFFICE_RELAY, 1);
        }
        assertThat(rig.sent).hasSize(3);
        assertThat(rig.count(ServerEvent.LIMITED_CLIENT)).isEqualTo(2);
        discover(rig, 2, Configs.OFFICE_RELAY, 1);
        assertThat(rig.sent).as("another client").hasSize(4);
        rig.pass(Duration.ofMinutes(1));
        discover(rig, 1, Configs.OFFICE_RELAY, 1);
        assertThat(rig.sent).hasSize(5);
    }

    @Test
    void aCircuitStarvesNoOtherAndNobodyWhoHasALease() {
        Rig rig = Rig.limited(new Limits(List.of(), 0, 2, 0, 0));
        bind(rig, 9);
        assertThat(rig.reply().packet().messageType()).contains(MessageType.ACK);
        for (int client = 1; client <= 4; client++) {
            discover(rig, client, Configs.OFFICE_RELAY, 1);
        }
        assertThat(rig.count(ServerEvent.LIMITED_CIRCUIT)).isEqualTo(2);
        int before = rig.sent.size();
        discover(rig, 5, Configs.OFFICE_RELAY, 2);
        assertThat(rig.sent).as("another circuit").hasSize(before + 1);
        discover(rig, 6, Configs.LAB_RELAY, 1);
        assertThat(rig.sent).as("the same circuit of another relay").hasSize(before + 2);
        discover(rig, 9, Configs.OFFICE_RELAY, 1);
        assertThat(rig.sent).as("who has a lease").hasSize(before + 3);
    }

    @Test
    void aCircuitHoldsSoManyLeasesHoweverSlowlyItAsks() {
        Rig rig = Rig.limited(new Limits(List.of(), 0, 0, 2, 0));
        for (int client = 1; client <= 3; client++) {
            bindOn(rig, client, 1);
            rig.pass(Duration.ofMinutes(2));
        }
        assertThat(rig.sent).as("two ACKs").hasSize(2);
        discover(rig, 4, Configs.OFFICE_RELAY, 1);
        assertThat(rig.sent).hasSize(2);
        assertThat(rig.count(ServerEvent.LIMITED_CIRCUIT_LEASES)).isEqualTo(2);
        bindOn(rig, 1, 1);
        assertThat(rig.sent).as("who has a lease").hasSize(3);
        bindOn(rig, 5, 2);
        assertThat(rig.sent).as("another circuit").hasSize(4);
        rig.receive(
                Packets.of(MessageType.RELEASE, 1)
                        .server(Configs.SERVICE)
                        .ciaddr(Ipv4.parse("10.0.0.11"))
                        .build(),
                Packets.unicast(Ipv4.parse("10.0.0.11")));
        rig.run();
        bindOn(rig, 3, 1);
        assertThat(rig.sent).as("one has been given back").hasSize(5);
    }

    private static void bindOn(Rig rig, int client, int circuit) {
        rig.receive(
                Packets.selecting(client, Ipv4.parse("10.0.0.1" + client))
                        .via(Configs.OFFICE_RELAY)
                        .relayInformation(1, 1, circuit)
                        .build(),
                Packets.fromRelay(Configs.OFFICE_RELAY));
        rig.run();
    }

    @Test
    void aSubnetTakesSoManyNewClientsInAMinute() {
        Rig rig = Rig.limited(new Limits(List.of(), 0, 0, 0, 2));
        for (int client = 1; client <= 4; client++) {
            discover(rig, client, Configs.OFFICE_RELAY, client);
        }
        assertThat(rig.sent).hasSize(2);
        assertThat(rig.count(ServerEvent.LIMITED_SUBNET)).isEqualTo(2);
        discover(rig, 5, Configs.LAB_RELAY, 1);
        assertThat(rig.sent).as("another subnet").hasSize(3);
    }
}
