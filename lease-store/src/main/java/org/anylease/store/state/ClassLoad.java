package org.anylease.store.state;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import org.anylease.store.allocation.ClassPlan;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;

/**
 * How many addresses each class has, for each value of its key: those that its members hold, and those that they are
 * offered. Counted from the records, lapsed offers included until they are removed.
 */
final class ClassLoad {
    private final Long2IntOpenHashMap counts = new Long2IntOpenHashMap();

    /** A binding takes the place of another. */
    void changed(@Nullable Binding before, Binding now) {
        if (before != null) {
            count(before, -1);
        }
        count(now, 1);
    }

    private void count(Binding binding, int by) {
        LeaseClient holder = holder(binding);
        if (holder != null) {
            count(holder.classes(), by);
        }
        LeaseClient offered = offered(binding, holder);
        if (offered != null) {
            count(offered.classes(), by);
        }
    }

    private static @Nullable LeaseClient holder(Binding binding) {
        return binding.state() == BindingState.ACTIVE ? binding.client() : null;
    }

    private static @Nullable LeaseClient offered(Binding binding, @Nullable LeaseClient holder) {
        Offer offer = binding.offer();
        boolean again = offer != null
                && holder != null
                && holder.id().equals(offer.client().id());
        return offer == null || again ? null : offer.client();
    }

    private void count(List<ClassMembership> memberships, int by) {
        for (int i = 0; i < memberships.size(); i++) {
            long key = key(memberships.get(i));
            if (counts.addTo(key, by) + by == 0) {
                counts.remove(key);
            }
        }
    }

    /**
     * Whether a client may have another address, by the limits of its classes.
     *
     * @param named the records that name the client: what it has itself is not in its way
     * @param more how many addresses of a class are promised besides
     */
    boolean hasRoomFor(LeaseClient client, ClassPlan plan, List<Binding> named, ToIntFunction<ClassMembership> more) {
        List<ClassMembership> memberships = client.classes();
        for (int i = 0; i < memberships.size(); i++) {
            ClassMembership membership = memberships.get(i);
            int limit = plan.limit(membership);
            if (limit > 0
                    && counts.get(key(membership)) - own(membership, client, named) + more.applyAsInt(membership)
                            >= limit) {
                return false;
            }
        }
        return true;
    }

    private static int own(ClassMembership membership, LeaseClient client, List<Binding> named) {
        int own = 0;
        for (Binding binding : named) {
            LeaseClient holder = holder(binding);
            LeaseClient offered = offered(binding, holder);
            own += isOwn(membership, client, holder) ? 1 : 0;
            own += isOwn(membership, client, offered) ? 1 : 0;
        }
        return own;
    }

    private static boolean isOwn(ClassMembership membership, LeaseClient client, @Nullable LeaseClient other) {
        return other != null
                && other.id().equals(client.id())
                && other.classes().contains(membership);
    }

    private static long key(ClassMembership membership) {
        byte[] name = membership.name().getBytes(StandardCharsets.UTF_8);
        return StateHash.ofRecord(name, membership.value().toArray());
    }
}
