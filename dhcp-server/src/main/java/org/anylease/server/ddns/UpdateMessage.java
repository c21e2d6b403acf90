package org.anylease.server.ddns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.dns.UpdateStep;
import org.anylease.store.address.Ipv4;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Style;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DHCIDRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** Steps as messages (RFC 2136): the prerequisites and changes that {@link UpdateStep} names. */
final class UpdateMessage {
    private UpdateMessage() {}

    /**
     * A step as a message.
     *
     * @param step the step
     * @param address the address
     * @param record its names
     * @param zone the zone that the step changes
     * @param ttl how long others may remember it
     * @return an update, not signed yet
     * @throws IOException when a name is none; the server's names are checked before
     */
    static Message of(UpdateStep step, Ipv4 address, DnsRecord record, String zone, Duration ttl) throws IOException {
        Update update = new Update(Name.fromString(zone, Name.root));
        Name name = Name.fromString(record.name(), Name.root);
        Name reverse = Name.fromString(DnsPolicy.reverseName(address), Name.root);
        // Where a record is presupposed, its TTL must be zero (RFC 2136 §2.4).
        long seconds = step == UpdateStep.UNPOINT || step == UpdateStep.REMOVE_TAKEN ? 0 : ttl.toSeconds();
        Record forward = new ARecord(name, DClass.IN, seconds, InetAddress.getByName(address.toString()));
        Record pointer = new PTRRecord(reverse, DClass.IN, seconds, name);
        switch (step) {
            case CLAIM_NAME -> {
                update.absent(name);
                update.add(forward);
                update.add(owner(name, seconds, record));
            }
            case UPDATE_OWN -> {
                update.present(name);
                update.present(owner(name, 0, record));
                update.replace(forward);
            }
            case TAKE_NAME -> {
                update.replace(forward);
                update.replace(owner(name, seconds, record));
            }
            case POINT_BACK -> update.replace(pointer);
            case UNPOINT -> {
                update.present(pointer);
                update.delete(pointer);
            }
            case REMOVE_ADDRESS -> {
                update.present(owner(name, 0, record));
                update.delete(forward);
            }
            case REMOVE_OWNER -> {
                update.present(owner(name, 0, record));
                update.absent(name, Type.A);
                update.absent(name, Type.AAAA);
                update.delete(name, ownerType(record));
            }
            case REMOVE_TAKEN -> {
                update.present(forward);
                update.delete(forward);
                update.delete(owner(name, 0, record));
            }
        }
        return update;
    }

    private static int ownerType(DnsRecord record) {
        return record.style() == Style.INTERIM ? Type.TXT : Type.DHCID;
    }

    private static Record owner(Name name, long seconds, DnsRecord record) {
        byte[] owner = record.owner().toArray();
        return record.style() == Style.INTERIM
                ? new TXTRecord(name, DClass.IN, seconds, new String(owner, StandardCharsets.US_ASCII))
                : new DHCIDRecord(name, DClass.IN, seconds, owner);
    }
}
