package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntLinkedOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.allocation.AddressPlan;
import org.anylease.store.allocation.IdleRecords;
import org.anylease.store.allocation.NetworkPlan;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.BindingCodec;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellTimers;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.Occupancy.Use;
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
    final AddressIndex refs = new AddressIndex();
    final ClientIndex clients = new ClientIndex();
    private final DueQueue due = new DueQueue(new StateDues());
    private final DueQueue offers = new DueQueue(new OfferDues());
    /** What waits for reports, in order of the entry that took it away. */
    private final DueQueue waits = new DueQueue(new Waits());

    private final EscrowIndex escrow = new EscrowIndex();
    private final Occupancy occupancy = new Occupancy();
    private final CircuitLoad circuits = new CircuitLoad();
    private final ClassLoad classes = new ClassLoad();
    private final IdleQueues idle = new IdleQueues(this);
    private final IntOpenHashSet dirty = new IntOpenHashSet();
    private final ByteWriter scratch = new ByteWriter();
    /** Whose records the last entry changed, in order; some more than once. Costs an entry no allocation. */
    private final IntArrayList changedByEntry = new IntArrayList();

    private final DeclaredDown declaredDown;
    private final EarlierTerms earlierTerms;

    private @Nullable AddressPlan plan;
    private @Nullable CellTimers reuseTimers;
    private long digest;

    Bindings(DeclaredDown declaredDown, EarlierTerms earlierTerms) {
        this.declaredDown = declaredDown;
        this.earlierTerms = earlierTerms;
    }

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

    void countCircuits() {
        circuits.startOver();
        refs.forEachAddress(address -> circuits.changed(null, getOrUnused(new Ipv4(address))));
    }

    /** When state changes are due. */
    DueQueue due() {
        return due;
    }

    /** When offers lapse. */
    DueQueue offers() {
        return offers;
    }

    /** What waits for reports: {@link DueQueue} in order of log index instead of time. */
    DueQueue waits() {
        return waits;
    }

    EscrowIndex escrow() {
        return escrow;
    }

    Occupancy occupancy() {
        return occupancy;
    }

    /** The times by which reuse goes, which are those of the configuration or longer; null before the first one. */
    @Nullable
    CellTimers reuseTimers() {
        return reuseTimers;
    }

    /** How many leases each class has. */
    ClassLoad classes() {
        return classes;
    }

    IdleQueues idle() {
        return idle;
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
        Use used = before == null ? Use.IDLE : useOf(before);
        Use uses = useOf(binding);
        boolean becameIdle = uses == Use.IDLE
                && (before == null || used != Use.IDLE || before.idleSequence() != binding.idleSequence());
        if (becameIdle || used != uses) {
            NetworkPlan network = plan == null ? null : plan.networkOf(binding.address());
            if (network != null && network.isDynamic(binding.address())) {
                occupancy.changed(network, network.groupOf(binding.address()), used, uses);
                if (becameIdle) {
                    idle.add(network, binding.address(), binding.idleSequence());
                }
            }
        }
    }

    private static Use useOf(Binding binding) {
        return Use.of(binding.state(), binding.offer() != null);
    }

    /** Takes a stored record in; {@link #replan} follows when all are there. */
    void restore(Ipv4 address, byte[] record) throws UnreadableException {
        ByteReader in = new ByteReader("binding " + address, record, 0, record.length);
        Binding binding = BindingCodec.decode(address, in);
        in.end();
        store(address.bits(), refs.get(address.bits()), record, record.length);
        clients.changed(null, binding);
        escrow.changed(null, binding);
        circuits.changed(null, binding);
        classes.changed(null, binding);
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
        clients.changed(before, now);
        circuits.changed(before, now);
        classes.changed(before, now);
        int address = now.address().bits();
        due.changed(address, before == null ? DueQueue.NEVER : dueOf(before), dueOf(now));
        offers.changed(address, before == null ? DueQueue.NEVER : lapseOf(before), lapseOf(now));
        waits.changed(address, before == null ? DueQueue.NEVER : waitOf(before), waitOf(now));
        escrow.changed(before, now);
    }

    /** Notes an address that was left out of the queue of what is due. */
    void noteDue(int address) {
        due.changed(address, DueQueue.NEVER, new StateDues().dueAt(address));
    }

    /** Another configuration is in force; queues that it leaves as they are stay. */
    void replan(AddressPlan next) {
        AddressPlan before = plan;
        plan = next;
        var old = idle.restart();
        for (NetworkPlan network : next.networks()) {
            String name = network.network().name();
            boolean kept = idle.keep(network, old.get(name));
            NetworkPlan same = before == null || !kept ? null : before.network(name);
            if (!kept) {
                idle.fresh(network);
            }
            if (same == null) {
                refill(network);
            } else {
                occupancy.reserveOthers(same, network, this::useAt);
            }
        }
        occupancy.retain(next);
        if (before == null) {
            offers.rebuild();
            waits.rebuild();
        }
        timersChanged();
    }

    /** The times of reuse may be others than before; so may be what is due. */
    void timersChanged() {
        CellTimers before = reuseTimers;
        reuseTimers = plan == null ? null : earlierTerms.over(plan.config().timers());
        if (reuseTimers != null && !reuseTimers.equals(before)) {
            due.rebuild();
        }
    }

    /** A server's escrow may be due earlier than it was. */
    void escrowDue(ServerId owner) {
        for (Ipv4 address : escrow.of(owner)) {
            noteDue(address.bits());
        }
    }

    private Use useAt(Ipv4 address) {
        int ref = refs.get(address.bits());
        if (ref == BindingSlab.NONE) {
            return Use.IDLE;
        }
        BindingCodec.Header header = header(ref);
        return Use.of(header.state(), header.hasOffer());
    }

    /** Looks at the pools' addresses or at all records, whichever are fewer. */
    private void refill(NetworkPlan network) {
        occupancy.clear(network);
        List<IdleAddress> found = new ArrayList<>();
        long pooled = 0;
        for (AddressRange range : network.ranges()) {
            pooled += range.size();
        }
        if (pooled > count()) {
            refs.forEachAddress(address -> note(network, address, found));
        } else {
            for (AddressRange range : network.ranges()) {
                for (long i = 0; i < range.size(); i++) {
                    note(network, range.first().plus((int) i).bits(), found);
                }
            }
        }
        found.sort((a, b) -> Long.compare(a.sequence, b.sequence));
        for (IdleAddress idleAddress : found) {
            idle.add(network, new Ipv4(idleAddress.address), idleAddress.sequence);
        }
    }

    private void note(NetworkPlan network, int address, List<IdleAddress> found) {
        int ref = refs.get(address);
        if (ref != BindingSlab.NONE && network.isDynamic(new Ipv4(address))) {
            BindingCodec.Header header = header(ref);
            Use use = Use.of(header.state(), header.hasOffer());
            occupancy.changed(network, network.groupOf(new Ipv4(address)), Use.IDLE, use);
            if (use == Use.IDLE) {
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
                binding.state(), binding.end().toEpochMilli(), binding.gate().toEpochMilli(), binding.server());
    }

    /** The first millisecond of cell time in which a record can move by itself. */
    private long dueOf(BindingState state, long end, long gate, @Nullable ServerId owner) {
        CellTimers timers = reuseTimers;
        if (timers == null) {
            return DueQueue.NEVER;
        }
        return switch (state) {
            case ACTIVE -> end + 2 * timers.skew().toMillis() + 1;
            case ESCROWED -> Math.min(end + 2 * timers.skew().toMillis(), overAt(owner, timers)) + 1;
            case EXPIRED, RELEASED -> ReuseGate.opensAt(gate);
            case ABANDONED -> Math.max(end, ReuseGate.opensAt(gate));
            case FREE, RESERVED -> DueQueue.NEVER;
        };
    }

    private long overAt(@Nullable ServerId owner, CellTimers timers) {
        Instant over = owner == null ? null : declaredDown.over(owner, timers);
        return over == null ? Long.MAX_VALUE - 1 : over.toEpochMilli();
    }

    private static long waitOf(Binding binding) {
        return waitOf(binding.state(), binding.index().value(), binding.gate().toEpochMilli());
    }

    /** The entry whose reports a record waits for, or {@link DueQueue#NEVER}. */
    private static long waitOf(BindingState state, long index, long gate) {
        return ReuseGate.isAwaitedBy(state) && gate != 0 ? index : DueQueue.NEVER;
    }

    /** How many addresses wait for reports, and until when at the latest if none come. Looks at every record. */
    Waiting waiting() {
        int[] count = new int[1];
        long[] until = new long[1];
        IntOpenHashSet seen = new IntOpenHashSet();
        waits.forEachNoted(address -> {
            BindingCodec.Header header = header(refs.get(address));
            if (waitOf(header.state(), header.index(), header.gateMillis()) != DueQueue.NEVER && seen.add(address)) {
                count[0]++;
                until[0] = Math.max(until[0], header.gateMillis());
            }
        });
        return new Waiting(count[0], Instant.ofEpochMilli(until[0]));
    }

    private static long lapseOf(Binding binding) {
        return binding.offer() == null
                ? DueQueue.NEVER
                : binding.offer().until().toEpochMilli();
    }

    /** What all queues have in common. */
    private abstract class Records implements DueQueue.Dues {
        @Override
        public void forEachAddress(IntConsumer visitor) {
            refs.forEachAddress(visitor);
        }

        @Override
        public int count() {
            return refs.size();
        }
    }

    private final class StateDues extends Records {
        @Override
        public long dueAt(int address) {
            int ref = refs.get(address);
            BindingCodec.Header header = header(ref);
            boolean owned = header.state() == BindingState.ESCROWED && !declaredDown.isEmpty();
            ServerId owner = owned ? decode(new Ipv4(address), ref).server() : null;
            return dueOf(header.state(), header.endMillis(), header.gateMillis(), owner);
        }
    }

    private final class OfferDues extends Records {
        @Override
        public long dueAt(int address) {
            int ref = refs.get(address);
            return header(ref).hasOffer() ? lapseOf(decode(new Ipv4(address), ref)) : DueQueue.NEVER;
        }
    }

    private final class Waits extends Records {
        @Override
        public long dueAt(int address) {
            BindingCodec.Header header = header(refs.get(address));
            return waitOf(header.state(), header.index(), header.gateMillis());
        }
    }
}
