package org.anylease.raft.ratis;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** A cell to test with, and commands for it. */
final class TestCells {
    static final CellId CELL = new CellId("cell-a");
    static final String NETWORK = "office";

    private TestCells() {}

    static LeaseCommand.ApplyConfig applyConfig(CellId cell) {
        return applyConfig(cell, 1, List.of());
    }

    static LeaseCommand.ApplyConfig applyConfig(CellId cell, long version, List<ServerId> members) {
        LeaseTimes times = new LeaseTimes(Duration.ofMinutes(1), Duration.ofHours(8), Duration.ofDays(1));
        Subnet subnet = new Subnet(
                Prefix.parse("10.0.0.0/14"),
                List.of(new Pool(AddressRange.parse("10.0.0.10-10.3.255.250"), ReplySettings.NONE, times)),
                List.of(),
                ReplySettings.NONE,
                times);
        NetworkPolicy policy = new NetworkPolicy(
                true,
                NetworkPolicy.Identity.CLIENT_IDENTIFIER,
                false,
                Duration.ofMillis(500),
                NetworkPolicy.Unprobed.OFFER);
        CellConfig config = new CellConfig(
                cell,
                version,
                Ipv4.parse("10.255.0.1"),
                List.of(),
                members.stream()
                        .map(server -> new Member(server, new SiteId("here"), List.of()))
                        .toList(),
                new CellTimers(
                        Duration.ofHours(24),
                        Duration.ofSeconds(5),
                        Duration.ofDays(1),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1)),
                ReplySettings.NONE,
                List.of(new SharedNetwork(NETWORK, List.of(subnet), ReplySettings.NONE, policy)));
        return new LeaseCommand.ApplyConfig(config, version - 1, "test", Octets.EMPTY);
    }

    static LeaseClient client(int number) {
        byte[] hardware = {1, 2, 0, 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        Octets octets = Octets.of(hardware);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, octets), octets, "", Octets.EMPTY, Ipv4.parse("0.0.0.0"));
    }

    static LeaseCommand offer(int number) {
        return new LeaseCommand.OfferAddress(client(number), NETWORK, null, null);
    }

    static LeaseCommand commit(int number, Ipv4 address) {
        return new LeaseCommand.CommitLease(client(number), NETWORK, address, RequestKind.SELECTING, null);
    }
}
