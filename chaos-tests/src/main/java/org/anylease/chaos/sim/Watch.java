package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.chaos.invariant.Ending;
import org.anylease.chaos.invariant.Fact;
import org.anylease.chaos.invariant.Healed;
import org.anylease.chaos.invariant.I1NoDoublePromise;
import org.anylease.chaos.invariant.I2NoEarlyReuse;
import org.anylease.chaos.invariant.I3EscrowDisjoint;
import org.anylease.chaos.invariant.I4ReplicasAgree;
import org.anylease.chaos.invariant.I5NothingAckedIsLost;
import org.anylease.chaos.invariant.I6EventuallyServed;
import org.anylease.chaos.invariant.Invariant;
import org.anylease.chaos.invariant.NaksAreCommitted;
import org.anylease.chaos.invariant.PoolsForMembers;
import org.anylease.chaos.invariant.PromisesByTheRules;
import org.anylease.chaos.invariant.RepliesObeyRfc2131;
import org.anylease.store.address.Ipv4;

/** All checkers of a run. */
final class Watch {
    private final List<Invariant> invariants;

    Watch(Ipv4 serverIdentifier, Duration skew) {
        invariants = List.of(
                new I1NoDoublePromise(),
                new I2NoEarlyReuse(skew),
                new I3EscrowDisjoint(skew),
                new I4ReplicasAgree(),
                new I5NothingAckedIsLost(skew),
                new I6EventuallyServed(),
                new PromisesByTheRules(skew),
                new NaksAreCommitted(),
                new PoolsForMembers(),
                new Healed(),
                new RepliesObeyRfc2131(serverIdentifier));
    }

    void hears(Fact fact, Instant now) {
        for (Invariant invariant : invariants) {
            invariant.on(fact, now);
        }
    }

    void atTheEnd(Ending ending) {
        for (Invariant invariant : invariants) {
            invariant.atTheEnd(ending);
        }
    }
}
