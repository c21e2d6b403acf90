package org.anylease.store.config;

import java.util.List;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * A class of clients: who is a member of it, and what that means. Whether a client is one is decided where its packet
 * arrives; what follows from it, by the cell.
 *
 * @param name unique in the cluster
 * @param match an expression, with codes for options: a condition that members meet. Null where there is none to meet
 * @param key an expression that comes to octets, by which members are told apart. Null where they are not
 * @param open whether whoever has a key is a member; else only those whose key is a member's value
 * @param limit how many leases there may be, for each value of the key where there is one; 0 for any number
 * @param members what is said of single values of the key
 * @param settings what replies to members carry, over those of the address
 * @param times how long members' leases are
 */
public record ClientClass(
        String name,
        @Nullable String match,
        @Nullable String key,
        boolean open,
        int limit,
        List<Member> members,
        ReplySettings settings,
        ClassTimes times) {
    /** Copies the list, and checks the limit. */
    public ClientClass {
        members = List.copyOf(members);
        if (limit < 0) {
            throw new IllegalArgumentException("a limit of " + limit + " leases");
        }
    }

    /**
     * What is said of one value of a class's key.
     *
     * @param value the value
     * @param limit how many leases there may be; 0 for what the class says
     * @param settings what replies carry, over the class's
     */
    public record Member(Octets value, int limit, ReplySettings settings) {}

    /**
     * Whether it is kept with a client's leases whatever pools say, since the cell decides by it.
     *
     * @return true when it has a limit or lease times
     */
    public boolean isKept() {
        return isLimited() || !times.equals(ClassTimes.NONE);
    }

    /**
     * Whether leases are counted.
     *
     * @return true when the class or one of its members has a limit
     */
    public boolean isLimited() {
        return limit > 0 || members.stream().anyMatch(member -> member.limit > 0);
    }
}
