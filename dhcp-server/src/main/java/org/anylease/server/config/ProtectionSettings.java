package org.anylease.server.config;

import java.util.List;
import org.anylease.store.address.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * Whom a server does not serve, or not more often than so. The numbers but that of leases count within a minute; 0
 * is no limit.
 *
 * @param relays the relays whose packets it takes, by giaddr; empty for all
 * @param clientPackets how many packets of one client
 * @param circuitClients how many DISCOVERs of clients without a lease, of one circuit of one relay
 * @param circuitLeases how many leases run on one circuit before its further clients get none
 * @param subnetClients how many DISCOVERs of clients without a lease, of one subnet
 */
public record ProtectionSettings(
        List<AddressRange> relays, int clientPackets, int circuitClients, int circuitLeases, int subnetClients) {
    /** What applies where the server's file says nothing. */
    public static final ProtectionSettings NONE = new ProtectionSettings(List.of(), 0, 0, 0, 0);

    private static final int NUMBER_MAX = 100_000_000;

    /** Copies the list. */
    public ProtectionSettings {
        relays = List.copyOf(relays);
    }

    static ProtectionSettings read(Cursor cursor) {
        Section section = new Section(cursor, Concept.PROTECTION);
        List<AddressRange> relays = section.readAll("relays", ProtectionSettings::range);
        Long client = section.read("client-packets", Notation.number(1, NUMBER_MAX));
        Long circuit = section.read("circuit-clients", Notation.number(1, NUMBER_MAX));
        Long leases = section.read("circuit-leases", Notation.number(1, NUMBER_MAX));
        Long subnet = section.read("subnet-clients", Notation.number(1, NUMBER_MAX));
        section.done();
        return new ProtectionSettings(relays, number(client), number(circuit), number(leases), number(subnet));
    }

    private static int number(@Nullable Long number) {
        return number == null ? 0 : number.intValue();
    }

    private static AddressRange range(String text) {
        return AddressRange.parse(Notation.isAddress(text) ? text + "/32" : text);
    }
}
