package org.anylease.store.config;

import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;

/**
 * One cell's slice of the operator's configuration.
 *
 * @param cell the cell
 * @param version counts the operator's changes from 1; the same number in every cell
 * @param serverIdentifier option 54 (RFC 2132 §9.7): the anycast service address, the same at every site
 * @param aliases further server identifiers that clients may name, such as those of servers replaced by this cluster
 * @param members the servers that answer for the cell
 * @param timers its times
 * @param settings what replies carry in every network of the cell
 * @param networks its networks
 * @param escrow how much its servers are given to give out alone
 * @param classes the classes of clients, those first that go before others
 */
public record CellConfig(
        CellId cell,
        long version,
        Ipv4 serverIdentifier,
        List<Ipv4> aliases,
        List<Member> members,
        CellTimers timers,
        ReplySettings settings,
        List<SharedNetwork> networks,
        EscrowPolicy escrow,
        List<ClientClass> classes) {
    /** Copies the lists. */
    public CellConfig {
        aliases = List.copyOf(aliases);
        members = List.copyOf(members);
        networks = List.copyOf(networks);
        classes = List.copyOf(classes);
    }

    /**
     * A configuration without classes.
     *
     * @param cell as in the record, like the further ones
     * @param version counts the operator's changes from 1
     * @param serverIdentifier option 54
     * @param aliases further server identifiers
     * @param members the servers that answer for the cell
     * @param timers its times
     * @param settings what replies carry
     * @param networks its networks
     * @param escrow how much its servers are given to give out alone
     */
    public CellConfig(
            CellId cell,
            long version,
            Ipv4 serverIdentifier,
            List<Ipv4> aliases,
            List<Member> members,
            CellTimers timers,
            ReplySettings settings,
            List<SharedNetwork> networks,
            EscrowPolicy escrow) {
        this(cell, version, serverIdentifier, aliases, members, timers, settings, networks, escrow, List.of());
    }

    /**
     * A configuration without classes and with {@link EscrowPolicy#STANDARD}.
     *
     * @param cell as in the record, like the further ones
     * @param version counts the operator's changes from 1
     * @param serverIdentifier option 54
     * @param aliases further server identifiers
     * @param members the servers that answer for the cell
     * @param timers its times
     * @param settings what replies carry
     * @param networks its networks
     */
    public CellConfig(
            CellId cell,
            long version,
            Ipv4 serverIdentifier,
            List<Ipv4> aliases,
            List<Member> members,
            CellTimers timers,
            ReplySettings settings,
            List<SharedNetwork> networks) {
        this(cell, version, serverIdentifier, aliases, members, timers, settings, networks, EscrowPolicy.STANDARD);
    }

    /**
     * This configuration with other networks.
     *
     * @param others the networks
     * @return a configuration of the same version
     */
    public CellConfig with(List<SharedNetwork> others) {
        return new CellConfig(
                cell, version, serverIdentifier, aliases, members, timers, settings, others, escrow, classes);
    }
}
