package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.Pool;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;

/** No client gets an address of a pool that is not for it, whoever gives it out. */
public final class PoolsForMembers implements Invariant {
    /** The class of clients whose hardware address ends with an odd octet. */
    public static final String ODD = "odd";

    private final TreeMap<CellId, CellConfig> configs = new TreeMap<>();

    /** Nothing is configured. */
    public PoolsForMembers() {}

    /**
     * The classes that a client is a member of, told without an expression.
     *
     * @param hardware its hardware address, with or without its type
     * @return {@link #ODD} or nothing
     */
    public static List<ClassMembership> classesOf(Octets hardware) {
        boolean odd = !hardware.isEmpty() && hardware.at(hardware.length() - 1) % 2 == 1;
        return odd ? List.of(new ClassMembership(ODD, Octets.EMPTY)) : List.of();
    }

    @Override
    public String name() {
        return "PoolsForMembers";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.Committed entry) {
            for (Fact.Carried carried : entry.carried()) {
                if (carried.command() instanceof LeaseCommand.ApplyConfig apply) {
                    configs.put(entry.cell(), apply.config());
                }
            }
            for (Fact.Move move : entry.moves()) {
                CellConfig config = configs.get(entry.cell());
                if (config != null && move.after().state() == BindingState.ACTIVE) {
                    judge(config, move.after());
                }
            }
        }
    }

    private void judge(CellConfig config, Binding binding) {
        LeaseClient client = binding.client();
        if (client == null) {
            return;
        }
        boolean odd = !classesOf(client.hardware()).isEmpty();
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                for (Pool pool : subnet.pools()) {
                    boolean barred = odd
                            ? pool.access().deny().contains(ODD)
                            : pool.access().allow().contains(ODD);
                    if (barred && pool.range().contains(binding.address())) {
                        throw new InvariantBroken(
                                name(),
                                client.id() + " has " + binding.address() + ", which is of the pool " + pool.range()
                                        + " for " + pool.access());
                    }
                }
            }
        }
    }

    @Override
    public void atTheEnd(Ending ending) {
        // Told as it happens.
    }
}
