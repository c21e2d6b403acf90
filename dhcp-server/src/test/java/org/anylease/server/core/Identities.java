package org.anylease.server.core;

import org.anylease.server.wire.HardwareAddress;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** Who the clients of {@link Packets} are to the cell. */
final class Identities {
    private Identities() {}

    static ClientId hardware(int client) {
        HardwareAddress hardware = Packets.hardware(client);
        byte[] octets = new byte[7];
        octets[0] = 1;
        System.arraycopy(hardware.bytes(), 0, octets, 1, 6);
        return new ClientId(ClientId.Kind.HARDWARE, Octets.of(octets));
    }

    static LeaseClient leaseClient(int client) {
        ClientId id = hardware(client);
        return new LeaseClient(id, id.value(), "", Octets.EMPTY, Ipv4.UNSPECIFIED);
    }

    static CommitLease selecting(int client, Ipv4 address) {
        return new CommitLease(leaseClient(client), "office", address, RequestKind.SELECTING, null);
    }
}
