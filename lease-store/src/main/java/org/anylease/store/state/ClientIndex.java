package org.anylease.store.state;

import java.util.function.IntConsumer;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * From a client to the addresses whose record names it, by a hash of the client's identity. What it finds are
 * candidates; the record decides.
 */
final class ClientIndex {
    private final HashPairs pairs = new HashPairs();
    private @Nullable HardwareIndex hardware;

    /** From here on clients are also found by their hardware addresses; those of the records so far are yet to be filed. */
    HardwareIndex byHardware(AddressIndex records) {
        if (hardware == null) {
            hardware = new HardwareIndex(records);
        }
        return hardware;
    }

    /** An address is filed once under each client that it names. */
    void changed(@Nullable Binding before, Binding now) {
        int address = now.address().bits();
        if (hardware != null) {
            hardware.changed(before, now);
        }
        int holderBefore = before == null ? 0 : hashOf(before.client());
        int offeredBefore = before == null || before.offer() == null
                ? 0
                : hashOf(before.offer().client());
        int holder = hashOf(now.client());
        int offered = now.offer() == null ? 0 : hashOf(now.offer().client());
        if (holderBefore != 0 && holderBefore != holder && holderBefore != offered) {
            remove(holderBefore, address);
        }
        if (offeredBefore != 0
                && offeredBefore != holderBefore
                && offeredBefore != holder
                && offeredBefore != offered) {
            remove(offeredBefore, address);
        }
        if (holder != 0 && holder != holderBefore && holder != offeredBefore) {
            pairs.add(holder, address);
        }
        if (offered != 0 && offered != holder && offered != holderBefore && offered != offeredBefore) {
            pairs.add(offered, address);
        }
    }

    private static int hashOf(@Nullable LeaseClient client) {
        return client == null ? 0 : StateHash.ofClient(client.id());
    }

    private void remove(int hash, int address) {
        if (!pairs.remove(hash, address)) {
            throw new IllegalStateException("the client index has no such entry");
        }
    }

    /** Visits the addresses filed under a hash, in no particular order. */
    void forEach(int hash, IntConsumer visitor) {
        pairs.forEach(hash, visitor);
    }
}
