package org.anylease.server.admin;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/** Bindings to test with. */
public final class Leases {
    private Leases() {}

    /** A client on Ethernet with an identifier. */
    public static LeaseClient client(String mac, String id, String hostname, String relay) {
        return new LeaseClient(
                new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.parseHex(id)),
                Octets.parseHex("01" + mac),
                hostname,
                Octets.EMPTY,
                Ipv4.parse(relay));
    }

    /** An active lease of an hour that ends so many seconds from now. */
    public static Binding active(String address, LeaseClient client, long secondsLeft, String server) {
        Instant end = MemoryCluster.NOW.plusSeconds(secondsLeft);
        return binding(address, BindingState.ACTIVE, client, end, server, null);
    }

    /** A binding in any state. */
    public static Binding binding(
            String address,
            BindingState state,
            @Nullable LeaseClient client,
            Instant end,
            String server,
            @Nullable Offer offer) {
        return new Binding(
                Ipv4.parse(address),
                state,
                new LogIndex(7),
                client,
                end.minusSeconds(3600),
                end,
                Instant.EPOCH,
                end.minusSeconds(1800),
                new ServerId(server),
                0,
                0,
                offer);
    }

    /** An address that was promised alone to a stranger while printer-1 held it. */
    public static Conflict conflict(String address) {
        return new Conflict(
                Ipv4.parse(address),
                new LogIndex(99),
                MemoryCluster.NOW.minusSeconds(60),
                client("02:00:00:00:00:0a", "ff:01", "printer-1", "10.0.0.1"),
                MemoryCluster.NOW.plusSeconds(600),
                client("02:00:00:00:00:0b", "ff:02", "stranger", "10.0.0.1"),
                new ServerId("a2"),
                PromiseRule.R3_ESCROW,
                MemoryCluster.NOW.plusSeconds(900));
    }

    /** Three leases in one cell, with something to find in each. */
    public static void fill(MemoryCluster.MemoryCell cell) {
        cell.put(active("10.0.0.10", client("02:00:00:00:00:0a", "ff:01", "printer-1", "10.0.0.1"), 600, "a1"));
        cell.put(active("10.0.0.11", client("02:00:00:00:00:0b", "00:6c:61:70", "Laptop", "10.0.0.1"), 7200, "b1"));
        cell.put(binding(
                "10.0.0.12",
                BindingState.RELEASED,
                client("02:00:00:00:01:0c", "ff:03", "=cmd|calc", "0.0.0.0"),
                MemoryCluster.NOW.minusSeconds(60),
                "a1",
                null));
    }
}
