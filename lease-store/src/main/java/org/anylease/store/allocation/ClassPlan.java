package org.anylease.store.allocation;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** What follows from a client's classes, and from whether it is known. Immutable. */
public final class ClassPlan {
    private final TreeMap<String, Terms> classes = new TreeMap<>();
    private final TreeSet<ClientId> known = new TreeSet<>();

    /** What a class means, arranged for looking up. */
    private record Terms(int limit, TreeMap<Octets, Integer> limits, ClassTimes times) {}

    ClassPlan(CellConfig config) {
        for (ClientClass each : config.classes()) {
            TreeMap<Octets, Integer> limits = new TreeMap<>();
            for (ClientClass.Member member : each.members()) {
                if (member.limit() > 0) {
                    limits.put(ClassMembership.kept(member.value()), member.limit());
                }
            }
            classes.put(each.name(), new Terms(each.limit(), limits, each.times()));
        }
        for (SharedNetwork network : config.networks()) {
            for (Subnet subnet : network.subnets()) {
                for (Reservation reservation : subnet.reservations()) {
                    known.add(reservation.key());
                }
            }
        }
    }

    /**
     * Whether an address is reserved for a client anywhere in the cell.
     *
     * @param client a client
     * @return true when one is, by its identifier or by its hardware address
     */
    public boolean isKnown(LeaseClient client) {
        return known.contains(client.id())
                || (!client.hardware().isEmpty()
                        && known.contains(new ClientId(ClientId.Kind.HARDWARE, client.hardware())));
    }

    /**
     * How many leases a class may have.
     *
     * @param membership a client's
     * @return 0 for any number
     */
    public int limit(ClassMembership membership) {
        Terms terms = classes.get(membership.name());
        return terms == null ? 0 : terms.limits.getOrDefault(membership.value(), terms.limit);
    }

    /** The times of a client: those of the first of its classes that says something, over those of the address. */
    LeaseTimes times(LeaseClient client, LeaseTimes outer) {
        List<ClassMembership> memberships = client.classes();
        for (int i = 0; i < memberships.size(); i++) {
            Terms terms = classes.get(memberships.get(i).name());
            if (terms != null && !terms.times.equals(ClassTimes.NONE)) {
                return terms.times.over(outer);
            }
        }
        return outer;
    }

    /** Whether a client may have addresses of a pool. */
    boolean permits(PoolAccess access, LeaseClient client) {
        return (access.allow().isEmpty() || isAnyOf(access.allow(), client)) && !isAnyOf(access.deny(), client);
    }

    private boolean isAnyOf(Collection<String> names, LeaseClient client) {
        for (String name : names) {
            boolean is = switch (name) {
                case PoolAccess.ALL -> true;
                case PoolAccess.KNOWN -> isKnown(client);
                case PoolAccess.UNKNOWN -> !isKnown(client);
                default -> isMember(name, client);
            };
            if (is) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMember(String name, LeaseClient client) {
        List<ClassMembership> memberships = client.classes();
        for (int i = 0; i < memberships.size(); i++) {
            if (memberships.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
