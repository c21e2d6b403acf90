package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ByteWriter;
import org.anylease.store.codec.DnsCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.command.LeaseCommand.NoteDns;
import org.anylease.store.command.Outcome;
import org.anylease.store.dns.DnsEntry;
import org.anylease.store.dns.DnsRecord;
import org.jspecify.annotations.Nullable;

/** What stands in DNS, or is on its way there or out of it, by address. The stored records themselves; no index. */
public final class DnsLedger {
    private final CellState state;

    DnsLedger(CellState state) {
        this.state = state;
    }

    /**
     * What is on record of an address.
     *
     * @param address any address
     * @return empty when nothing was put into DNS for it, or all of it is gone again
     */
    public Optional<DnsEntry> of(Ipv4 address) {
        return Optional.ofNullable(find(address));
    }

    /**
     * What is on record, in order of address, a part at a time.
     *
     * @param first where to begin
     * @param most how many at most
     * @return fewer than {@code most} when there are no more
     */
    public List<DnsEntry> from(Ipv4 first, int most) {
        List<DnsEntry> found = new ArrayList<>();
        for (var record : state.meta.tail(StoredKeys.dns(first), StoredKeys.DNS, most)) {
            byte[] key = record.getKey().toArray();
            found.add(decoded(StoredKeys.dnsAddress(key), record.getValue()));
        }
        return found;
    }

    /** Takes the place of what is on record, when that is what the proposer saw. */
    Outcome note(NoteDns command) {
        DnsEntry before = find(command.address());
        boolean seen =
                before == null ? command.basedOn().value() == 0 : before.index().equals(command.basedOn());
        if (!seen) {
            return new Outcome.Done(0);
        }
        byte[] key = StoredKeys.dns(command.address());
        DnsRecord record = command.record();
        if (record == null) {
            state.meta.remove(key);
        } else {
            ByteWriter out = new ByteWriter();
            DnsCodec.encode(new DnsEntry(command.address(), state.index(), state.time(), record), out);
            state.meta.put(key, out.toArray());
        }
        return new Outcome.Done(1);
    }

    /** Reads a stored record once, so that a damaged one is found when the state is restored and not later. */
    static void check(byte[] key, ByteReader in) throws UnreadableException {
        DnsCodec.decode(StoredKeys.checkedDnsAddress(key), in);
        in.end();
    }

    private @Nullable DnsEntry find(Ipv4 address) {
        byte[] stored = state.meta.get(StoredKeys.dns(address));
        return stored == null ? null : decoded(address, stored);
    }

    private static DnsEntry decoded(Ipv4 address, byte[] stored) {
        try {
            return DnsCodec.decode(address, new ByteReader("DNS record", stored, 0, stored.length));
        } catch (UnreadableException e) {
            throw new IllegalStateException("DnsRecordReadable: what was written or checked is not readable", e);
        }
    }
}
