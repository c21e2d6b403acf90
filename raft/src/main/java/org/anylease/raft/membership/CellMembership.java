package org.anylease.raft.membership;

import java.util.List;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * Who takes part in a cell, who is to, and what is being done about the difference.
 *
 * @param cell the cell
 * @param members the members that the configuration in force lists
 * @param group who takes part in the Raft group, as this server knows it
 * @param awaited the servers whose reports count yet, members or not
 * @param plan what the leader does next; only the leader knows it, null elsewhere
 * @param lastFailure why the last step failed, or null
 */
public record CellMembership(
        CellId cell,
        List<ServerId> members,
        GroupMembers group,
        List<ServerId> awaited,
        @Nullable MembershipPlan plan,
        @Nullable String lastFailure) {
    /** Copies the lists. */
    public CellMembership {
        members = List.copyOf(members);
        awaited = List.copyOf(awaited);
    }

    /**
     * Whether the group is what the configuration says.
     *
     * @return true when nobody is to come or to go
     */
    public boolean settled() {
        return members.isEmpty()
                || (group.listeners().isEmpty()
                        && !group.changing()
                        && group.voters().equals(members.stream().sorted().toList()));
    }
}
