package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.function.IntConsumer;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * From a hardware address to the addresses that a client of that address holds or held last, for clients that are known
 * by a client identifier: the {@link ClientIndex} has the others. What it finds are candidates; the record decides.
 *
 * <p>Kept only where somebody asks by hardware address: it takes 11 to 21 bytes for each record of such a client, and
 * 4 bytes for each record of any until it is complete. The records that were there before are filed a part at a time, so
 * that nothing waits for it; what changes meanwhile is filed as it changes.
 */
final class HardwareIndex {
    private final HashPairs pairs = new HashPairs();
    private final IntArrayList unfiled = new IntArrayList();

    HardwareIndex(AddressIndex records) {
        unfiled.ensureCapacity(records.size());
        records.forEachAddress(unfiled::add);
    }

    /** How many records are not filed yet. */
    int unfiled() {
        return unfiled.size();
    }

    /** Files a part of the records that were there before. */
    void file(int records, Bindings bindings) {
        for (int i = 0; i < records && !unfiled.isEmpty(); i++) {
            int address = unfiled.removeInt(unfiled.size() - 1);
            add(hashOf(bindings.getOrUnused(new Ipv4(address))), address);
        }
        if (unfiled.isEmpty()) {
            unfiled.trim();
        }
    }

    void changed(@Nullable Binding before, Binding now) {
        int hashBefore = hashOf(before);
        int hash = hashOf(now);
        if (hash != hashBefore) {
            int address = now.address().bits();
            if (hashBefore != 0) {
                // Not there when the record was not filed yet.
                boolean _ = pairs.remove(hashBefore, address);
            }
            add(hash, address);
        }
    }

    private void add(int hash, int address) {
        if (hash != 0 && !pairs.contains(hash, address)) {
            pairs.add(hash, address);
        }
    }

    void forEach(Octets hardware, IntConsumer visitor) {
        pairs.forEach(hashOf(hardware), visitor);
    }

    int size() {
        return pairs.size();
    }

    private static int hashOf(@Nullable Binding binding) {
        LeaseClient client = binding == null ? null : binding.client();
        if (client == null
                || client.id().kind() == ClientId.Kind.HARDWARE
                || client.hardware().isEmpty()) {
            return 0;
        }
        return hashOf(client.hardware());
    }

    private static int hashOf(Octets hardware) {
        return StateHash.ofClient(new ClientId(ClientId.Kind.HARDWARE, hardware));
    }
}
