package org.anylease.server.core;

import java.time.Duration;
import org.anylease.server.leasequery.Requesters;
import org.anylease.server.partition.Autonomy;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;

/** A server with some escrow, and what its clients do. */
abstract class AloneScene {
    static final Duration DEADLINE = Duration.ofMillis(300);

    final Rig rig;

    AloneScene() {
        this(Requesters.NOBODY);
    }

    /** A server that answers the lease queries of some. */
    AloneScene(Requesters requesters) {
        rig = rig(Configs.escrowing(2), requesters);
    }

    private static Rig rig(CellConfig config, Requesters requesters) {
        Rig rig = Rig.of(config, requesters);
        rig.run();
        return rig;
    }

    Packet relayed(Packets packet) {
        return rig.ask(packet.via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    void receive(Packets packet) {
        rig.receive(packet.via(Configs.OFFICE_RELAY).build(), Packets.fromRelay(Configs.OFFICE_RELAY));
    }

    Ipv4 bind(int client) {
        Ipv4 offered = relayed(Packets.discover(client)).yiaddr();
        return relayed(Packets.selecting(client, offered)).yiaddr();
    }

    static Packets renewing(int client, Ipv4 address) {
        return Packets.request(client).ciaddr(address);
    }

    void cutOff() {
        rig.lag(true);
        rig.reach(false);
    }

    Binding binding(Ipv4 address) {
        return rig.cell.leader().binding(address).orElseThrow();
    }

    long count(Class<? extends LeaseCommand> kind) {
        return rig.proposals.stream()
                .filter(each -> kind.isInstance(each.command()))
                .count();
    }

    Autonomy autonomy() {
        return rig.service().autonomy(Configs.CELL, rig.now());
    }

    int escrow(String network) {
        return rig.cell.leader().escrowOf(rig.self, network).size();
    }

    Ipv4 takeFromEscrow(int client) {
        receive(Packets.discover(client));
        rig.silent();
        Ipv4 offered = rig.reply().packet().yiaddr();
        receive(Packets.selecting(client, offered));
        rig.sync();
        return rig.reply().packet().yiaddr();
    }
}
