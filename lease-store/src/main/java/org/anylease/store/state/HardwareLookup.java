package org.anylease.store.state;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/**
 * Finds bindings by hardware address, whatever their clients are known by.
 *
 * <p>The first one for a table has it keep an index of its own: 11 to 21 bytes for each record of a client with a client
 * identifier, none for others. It has to be filled with {@link #file} before it finds all. Confined to the table's
 * thread; it belongs to one table, and a copy that is replaced needs another.
 */
public final class HardwareLookup {
    private final Bindings bindings;
    private final HardwareIndex index;

    /**
     * A lookup in a table.
     *
     * @param table the table
     */
    public HardwareLookup(LeaseTable table) {
        bindings = table.state.bindings;
        index = bindings.clients.byHardware(bindings.refs);
    }

    /**
     * Files a part of the records that the table had before.
     *
     * @param records how many at most; each costs about as much as reading its binding
     * @return how many are left
     */
    public int file(int records) {
        index.file(records, bindings);
        return index.unfiled();
    }

    /**
     * The bindings of whoever has a hardware address.
     *
     * @param hardware one octet of hardware type, then the address
     * @return those whose client, in any state, showed it when it was last heard of, in order of address
     */
    public List<Binding> bindingsOf(Octets hardware) {
        List<Binding> found = new ArrayList<>();
        for (Binding binding : bindings.naming(new ClientId(ClientId.Kind.HARDWARE, hardware))) {
            take(binding, hardware, found);
        }
        IntArrayList candidates = new IntArrayList(4);
        index.forEach(hardware, candidates::add);
        for (int i = 0; i < candidates.size(); i++) {
            take(bindings.getOrUnused(new Ipv4(candidates.getInt(i))), hardware, found);
        }
        found.sort(Comparator.comparing(Binding::address));
        return found;
    }

    private static void take(Binding binding, Octets hardware, List<Binding> into) {
        LeaseClient client = binding.client();
        if (client != null && client.hardware().equals(hardware)) {
            into.add(binding);
        }
    }
}
