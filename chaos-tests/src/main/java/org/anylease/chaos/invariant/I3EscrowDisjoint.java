package org.anylease.chaos.invariant;

import java.time.Instant;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;

/**
 * I3 EscrowDisjoint: no address is in escrow for two servers, or free and in escrow.
 *
 * <p>No escrow is granted yet: what is checked is that an escrowed address has one owner, which changes only through
 * another state.
 */
public final class I3EscrowDisjoint implements Invariant {
    private final TreeMap<Ipv4, ServerId> owners = new TreeMap<>();

    /** Nothing is in escrow. */
    public I3EscrowDisjoint() {}

    @Override
    public String name() {
        return "I3 EscrowDisjoint";
    }

    @Override
    public void on(Fact fact, Instant now) {
        if (fact instanceof Fact.Committed committed) {
            for (Fact.Move move : committed.moves()) {
                moved(move.after());
            }
        }
    }

    private void moved(Binding after) {
        if (after.state() != BindingState.ESCROWED) {
            owners.remove(after.address());
            return;
        }
        ServerId owner = after.server();
        if (owner == null || after.offer() != null) {
            throw new InvariantBroken(
                    name(), after.address() + " is in escrow for " + owner + ", offered: " + after.offer());
        }
        ServerId before = owners.put(after.address(), owner);
        if (before != null && !before.equals(owner)) {
            throw new InvariantBroken(
                    name(), after.address() + " went from the escrow of " + before + " to that of " + owner);
        }
    }
}
