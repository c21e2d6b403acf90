package org.anylease.raft.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * How a cell's Raft group comes to consist of the members that its configuration lists: what the leader does next, and
 * what waits for what. It follows from what is the case alone, so that it can be made again at any time, by any leader.
 *
 * @param step what is to be done now, or null
 * @param waits what cannot be done yet, and why
 */
public record MembershipPlan(@Nullable MembershipStep step, List<Wait> waits) {
    /** Copies the list. */
    public MembershipPlan {
        waits = List.copyOf(waits);
    }

    /**
     * A server that is yet to come or to go.
     *
     * @param server the server
     * @param reason what it waits for, as a clause whose subject is the server
     */
    public record Wait(ServerId server, String reason) {}

    /** What is known of a server that is to vote, and does not yet. */
    public enum Standing {
        /** Nobody has said where it is. */
        UNKNOWN("is known by no address: apply the configuration that names it"),
        /** It cannot be reached. */
        UNREACHABLE("cannot be reached: start it, with the configuration that names it"),
        /** It runs, but has no copy of the cell yet. */
        WITHOUT_COPY("has not begun to take part yet"),
        /** Its copy is behind. */
        BEHIND("catches up"),
        /** Its copy is as new as others'. */
        CAUGHT_UP("has caught up");

        private final String clause;

        Standing(String clause) {
            this.clause = clause;
        }
    }

    /**
     * What a leader does next. Who is to come comes first: then whoever goes leaves no gap.
     *
     * @param self the leader
     * @param wanted the members that the configuration lists; when it lists none, nothing is done
     * @param group who takes part in the group
     * @param awaited the servers whose reports count yet, members or not
     * @param standing of a server that is wanted but does not vote
     * @return the plan
     */
    public static MembershipPlan of(
            ServerId self,
            Collection<ServerId> wanted,
            GroupMembers group,
            Collection<ServerId> awaited,
            Function<ServerId, Standing> standing) {
        List<Wait> waits = new ArrayList<>();
        MembershipStep step = null;
        if (wanted.isEmpty()) {
            return new MembershipPlan(null, waits);
        }
        // One whose log is short knows members of long ago only: two such could outvote the others among those.
        boolean catchesUp = wanted.stream()
                .anyMatch(server -> group.listeners().contains(server)
                        && (standing.apply(server) == Standing.BEHIND || standing.apply(server) == Standing.CAUGHT_UP));
        for (ServerId server : wanted.stream().sorted().toList()) {
            if (!group.voters().contains(server)) {
                boolean listens = group.listeners().contains(server);
                Standing known = standing.apply(server);
                boolean ready = known == Standing.CAUGHT_UP || (known == Standing.BEHIND && !listens);
                if (!ready || step != null || (catchesUp && !listens)) {
                    waits.add(new Wait(server, ready ? "comes next" : known.clause));
                } else {
                    step = listens ? new MembershipStep.Promote(server) : new MembershipStep.Admit(server);
                }
            }
        }
        List<ServerId> leaving = new ArrayList<>(group.voters());
        leaving.addAll(group.listeners());
        leaving.removeAll(wanted);
        for (ServerId server : leaving) {
            if (awaited.contains(server)) {
                waits.add(new Wait(server, "is awaited to report once more, or to be declared down and waited out"));
            } else if (step != null) {
                waits.add(new Wait(server, "goes next"));
            } else if (server.equals(self)) {
                step = handOver(self, wanted, group);
                waits.add(new Wait(server, "leads, and hands over first"));
            } else {
                step = new MembershipStep.Remove(server);
            }
        }
        return new MembershipPlan(group.changing() ? null : step, waits);
    }

    private static @Nullable MembershipStep handOver(ServerId self, Collection<ServerId> wanted, GroupMembers group) {
        return group.voters().stream()
                .filter(voter -> wanted.contains(voter) && !voter.equals(self))
                .findFirst()
                .map(MembershipStep.HandOver::new)
                .orElse(null);
    }
}
