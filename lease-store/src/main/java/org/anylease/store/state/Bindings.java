package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.IdleQueue;
import org.anylease.store.allocation.IdleRecords;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.codec.BindingCodec;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * All bindings of a cell, with whatever finds them: by address, by client, by what is due, by idleness. Every write
 * goes through {@link #put}, which keeps the indexes, the digest and the list of changes in step.
 *
 * <p>A record is decoded when it is asked for, and never removed: an address that was used once is remembered.
 */
final class Bindings implements IdleRecords {
    /** So much room for changed addresses is kept from entry to entry. */
    private static final int CHANGED_KEPT = 4096;

    private final BindingSlab slab = new BindingSlab();
    private final AddressIndex refs = new AddressIndex();
    private final ClientIndex clients = new ClientIndex();
    private final DueQueue due = new DueQueue(new StateDues());
    private final DueQueue offers = new DueQueue(new OfferDues());
    private final CircuitLoad circuits = new CircuitLoad();
    private final TreeMap<String, IdleQueue> idle = new TreeMap<>();
    private final IntOpenHashSet dirty = new IntOpenHashSet();
    private final ByteWriter scratch = new ByteWriter();
    /** Whose records the last entry changed, in order; some more than once. Costs an entry no allocation. */
    private final IntArrayList changedByEntry = new IntArrayList();

    private @Nullable AddressPlan plan;
    private long digest;

    int count() {
        return refs.size();
    }

    long digest() {
        return digest;
    }

    long slabBytes() {
        return slab.bytes();
    }

    CircuitLoad circuits() {
        return circuits;
    }

    /** When state changes are due. */
    DueQueue due() {
        return due;
    }

    /** When offers lapse. */
    DueQueue offers() {
        return offers;
    }

    IdleQueue idle(NetworkPlan network) {
        IdleQueue queue = idle.get(network.network().name());
        if (queue == null) {
            throw new IllegalStateException("no network " + network.network().name() + " is configured");
        }
        return queue;
    }

    /** Another entry is applied from here on. */
    void beginEntry() {
        changedByEntry.clear();
        changedByEntry.trim(CHANGED_KEPT);
    }

    /** Whose records the last entry changed, each once, in the order of the first change. */
    List<Ipv4> changedByEntry() {
        List<Ipv4> addresses = new ArrayList<>();
        new IntLinkedOpenHashSet(changedByEntry).forEach((int address) -> addresses.add(new Ipv4(address)));
        return addresses;
    }

    /** The record of an address, or null for one that was never used. */
    @Nullable
    Binding get(Ipv4 address) {
        int ref = refs.get(address.bits());
        return ref == BindingSlab.NONE ? null : decode(address, ref);
    }

    /** The record of an address, or that of one never used. */
    Binding getOrUnused(Ipv4 address) {
        Binding binding = get(address);
        return binding != null ? binding : Binding.neverUsed(address, 0);
    }

    /** The records that name a client, as holder or in an offer, in order of address. */
    List<Binding> naming(ClientId client) {
        IntArrayList found = new IntArrayList(4);
        clients.forEach(StateHash.ofClient(client), found::add);
        if (found.size() > 1) {
            found.sort(Integer::compareUnsigned);
        }
        List<Binding> named = new ArrayList<>(found.size());
        for (int i = 0; i < found.size(); i++) {
            Binding binding = getOrUnused(new Ipv4(found.getInt(i)));
            if (binding.isOf(client)
                    || (binding.offer() != null && binding.offer().client().id().equals(client))) {
                named.add(binding);
            }
        }
        return named;
    }

    /** Writes a record, and all that follows from it. */
    void put(Binding binding) {
        int address = binding.address().bits();
        int ref = refs.get(address);
        Binding before = ref == BindingSlab.NONE ? null : decode(binding.address(), ref);
        if (binding.equals(before)) {
            return;
        }
        scratch.reset();
        BindingCodec.encode(binding, scratch);
        store(address, ref, scratch.array(), scratch.length());
        dirty.add(address);
        changedByEntry.add(address);
        index(before, binding);
        if (isIdle(binding) && (before == null || !isIdle(before) || before.idleSequence() != binding.idleSequence())) {
            NetworkPlan network = plan == null ? null : plan.networkOf(binding.address());
            if (network != null) {
                idle(network).add(address, binding.idleSequence());
            }
        }
    }

    /** Takes a stored record in; {@link #replan} follows when all are there. */
    void restore(Ipv4 address, byte[] record) throws UnreadableException {
        ByteReader in = new ByteReader("binding " + address, record, 0, record.length);
        Binding binding = BindingCodec.decode(address, in);
        in.end();
        store(address.bits(), refs.get(address.bits()), record, record.length);
        fileClients(null, binding);
        circuits.count(binding.offer(), 1);
    }

    private void store(int address, int ref, byte[] record, int length) {
        if (ref == BindingSlab.NONE) {
            refs.put(address, slab.add(address, record, length));
        } else {
            digest -= hash(address, ref);
            int moved = slab.replace(ref, record, length);
            if (moved != ref) {
                refs.put(address, moved);
            }
        }
        digest += StateHash.ofRecord(hashKey(address), record, 0, length);
    }

    private void index(@Nullable Binding before, Binding now) {
        fileClients(before, now);
        circuits.count(before == null ? null : before.offer(), -1);
        circuits.count(now.offer(), 1);
        int address = now.address().bits();
        due.changed(address, before == null ? DueQueue.NEVER : dueOf(before), dueOf(now));
        offers.changed(address, before == null ? DueQueue.NEVER : lapseOf(before), lapseOf(now));
    }

    /** An address is filed once under each client that it names. */
    private void fileClients(@Nullable Binding before, Binding now) {
        int address = now.address().bits();
        int holderBefore = before == null ? 0 : hashOf(before.client());
        int offeredBefore = before == null || before.offer() == null
                ? 0
                : hashOf(before.offer().client());
        int holder = hashOf(now.client());
        int offered = now.offer() == null ? 0 : hashOf(now.offer().client());
        if (holderBefore != 0 && holderBefore != holder && holderBefore != offered) {
            clients.remove(holderBefore, address);
        }
        if (offeredBefore != 0
                && offeredBefore != holderBefore
                && offeredBefore != holder
                && offeredBefore != offered) {
            clients.remove(offeredBefore, address);
        }
        if (holder != 0 && holder != holderBefore && holder != offeredBefore) {
            clients.add(holder, address);
        }
        if (offered != 0 && offered != holder && offered != holderBefore && offered != offeredBefore) {
            clients.add(offered, address);
        }
    }

    private static int hashOf(@Nullable LeaseClient client) {
        return client == null ? 0 : StateHash.ofClient(client.id());
    }

    /** Notes an address that was left out of the queue of what is due. */
    void noteDue(int address) {
        due.changed(address, DueQueue.NEVER, new StateDues().dueAt(address));
    }

    /** Another configuration is in force; queues that it leaves as they are stay. */
    void replan(AddressPlan next) {
        AddressPlan before = plan;
        plan = next;
        TreeMap<String, IdleQueue> old = new TreeMap<>(idle);
        idle.clear();
        for (NetworkPlan network : next.networks()) {
            String name = network.network().name();
            IdleQueue earlier = old.get(name);
            IdleQueue kept = earlier == null ? null : earlier.under(network);
            idle.put(name, kept != null ? kept : new IdleQueue(network, this));
            if (kept == null) {
                refill(network, idle(network));
            }
        }
        if (before == null
                || !before.config()
                        .timers()
                        .skew()
                        .equals(next.config().timers().skew())) {
            due.rebuild();
            offers.rebuild();
        }
    }

    /** Looks at the pools' addresses or at all records, whichever are fewer. */
    private void refill(NetworkPlan network, IdleQueue queue) {
        List<IdleAddress> found = new ArrayList<>();
        long pooled = 0;
        for (AddressRange range : network.ranges()) {
            pooled += range.size();
        }
        if (pooled > count()) {
            refs.forEachAddress(address -> noteIdle(address, found));
        } else {
            for (AddressRange range : network.ranges()) {
                for (long i = 0; i < range.size(); i++) {
                    noteIdle(range.first().plus((int) i).bits(), found);
                }
            }
        }
        found.sort((a, b) -> Long.compare(a.sequence, b.sequence));
        for (IdleAddress idleAddress : found) {
            queue.add(idleAddress.address, idleAddress.sequence);
        }
    }

    private void noteIdle(int address, List<IdleAddress> found) {
        int ref = refs.get(address);
        if (ref != BindingSlab.NONE) {
            BindingCodec.Header header = header(ref);
            if (header.state() == BindingState.FREE && !header.hasOffer()) {
                found.add(new IdleAddress(header.idleSequence(), address));
            }
        }
    }

    private record IdleAddress(long sequence, int address) {}

    @Override
    public boolean hasRecord(int address) {
        return refs.get(address) != BindingSlab.NONE;
    }

    @Override
    public boolean isIdleSince(int address, long idleSequence) {
        int ref = refs.get(address);
        if (ref == BindingSlab.NONE) {
            return false;
        }
        BindingCodec.Header header = header(ref);
        return header.state() == BindingState.FREE && !header.hasOffer() && header.idleSequence() == idleSequence;
    }

    private static boolean isIdle(Binding binding) {
        return binding.state() == BindingState.FREE && binding.offer() == null;
    }

    /** The changed addresses since the last call, in order. */
    List<StateChanges.Change> takeChanges() {
        int[] addresses = dirty.toIntArray();
        dirty.clear();
        dirty.trim();
        IntArrayList ordered = IntArrayList.wrap(addresses);
        ordered.sort(Integer::compareUnsigned);
        List<StateChanges.Change> changes = new ArrayList<>(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            int address = ordered.getInt(i);
            changes.add(new StateChanges.Change(StoredKeys.binding(address), slab.copy(refs.get(address))));
        }
        return changes;
    }

    /** The digest of the records of some addresses. */
    long digest(AddressRange range) {
        long[] sum = new long[1];
        if (range.size() <= count()) {
            for (long i = 0; i < range.size(); i++) {
                int address = range.first().plus((int) i).bits();
                int ref = refs.get(address);
                sum[0] += ref == BindingSlab.NONE ? 0 : hash(address, ref);
            }
        } else {
            refs.forEachAddress(address -> {
                if (range.contains(new Ipv4(address))) {
                    sum[0] += hash(address, refs.get(address));
                }
            });
        }
        return sum[0];
    }

    private long hash(int address, int ref) {
        return StateHash.ofRecord(hashKey(address), slab.page(ref), slab.offset(ref), slab.lengthAt(ref));
    }

    private static long hashKey(int address) {
        return (long) StoredKeys.BINDING << 32 | Integer.toUnsignedLong(address);
    }

    private Binding decode(Ipv4 address, int ref) {
        try {
            return BindingCodec.decode(
                    address, new ByteReader("binding", slab.page(ref), slab.offset(ref), slab.lengthAt(ref)));
        } catch (UnreadableException e) {
            throw new IllegalStateException("the record of " + address + " in memory is damaged", e);
        }
    }

    private BindingCodec.Header header(int ref) {
        try {
            return BindingCodec.header(new ByteReader("binding", slab.page(ref), slab.offset(ref), slab.lengthAt(ref)));
        } catch (UnreadableException e) {
            throw new IllegalStateException("a record in memory is damaged", e);
        }
    }

    private long dueOf(Binding binding) {
        return dueOf(
                binding.state(), binding.end().toEpochMilli(), binding.gate().toEpochMilli());
    }

    /** The first millisecond of cell time in which a record can move by itself. */
    private long dueOf(BindingState state, long end, long gate) {
        if (plan == null) {
            return DueQueue.NEVER;
        }
        CellTimers timers = plan.config().timers();
        return switch (state) {
            case ACTIVE, ESCROWED -> end + 2 * timers.skew().toMillis() + 1;
            case EXPIRED, RELEASED -> ReuseGate.opensAt(gate);
            case ABANDONED -> Math.max(end, ReuseGate.opensAt(gate));
            case FREE, RESERVED -> DueQueue.NEVER;
        };
    }

    private static long lapseOf(Binding binding) {
        return binding.offer() == null
                ? DueQueue.NEVER
                : binding.offer().until().toEpochMilli();
    }

    private final class StateDues implements DueQueue.Dues {
        @Override
        public long dueAt(int address) {
            BindingCodec.Header header = header(refs.get(address));
            return dueOf(header.state(), header.endMillis(), header.gateMillis());
        }

        @Override
        public void forEachAddress(IntConsumer visitor) {
            refs.forEachAddress(visitor);
        }

        @Override
        public int count() {
            return refs.size();
        }
    }

    private final class OfferDues implements DueQueue.Dues {
        @Override
        public long dueAt(int address) {
            int ref = refs.get(address);
            return header(ref).hasOffer() ? lapseOf(decode(new Ipv4(address), ref)) : DueQueue.NEVER;
        }

        @Override
        public void forEachAddress(IntConsumer visitor) {
            refs.forEachAddress(visitor);
        }

        @Override
        public int count() {
            return refs.size();
        }
    }
}
