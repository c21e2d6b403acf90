package org.anylease.raft.membership;

import java.util.List;
import org.anylease.store.cell.ServerId;

/**
 * Who takes part in a cell's Raft group, as one of them knows it.
 *
 * @param voters those that vote, in order of name; none when the group is not there
 * @param listeners those that only listen
 * @param changing whether another membership is being agreed on
 */
public record GroupMembers(List<ServerId> voters, List<ServerId> listeners, boolean changing) {
    /** A group that is not there. */
    public static final GroupMembers NONE = new GroupMembers(List.of(), List.of(), false);

    /** Sorts the lists. */
    public GroupMembers {
        voters = voters.stream().sorted().toList();
        listeners = listeners.stream().sorted().toList();
    }
}
