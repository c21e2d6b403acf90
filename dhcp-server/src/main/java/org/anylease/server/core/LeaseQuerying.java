package org.anylease.server.core;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.server.event.PacketOutcome;
import org.anylease.server.event.ServerEvent;
import org.anylease.server.leasequery.LeaseFacts;
import org.anylease.server.leasequery.LeaseState;
import org.anylease.server.leasequery.Wanted;
import org.anylease.server.port.Arrival;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.EncodeLimits;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.PacketBuilder;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.HardwareLookup;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * Answers lease queries (RFC 4388) from what this server has applied of its cells, and what it promised alone since: it
 * proposes nothing and waits for nothing, so that a server that is cut off answers as well, from what it knows.
 *
 * <p>Hardware addresses are looked up in an index that only a server which answers queries keeps; after the start it is
 * filled a part at a time, and a query by hardware address hears nothing until it is complete, so that it is asked again.
 */
final class LeaseQuerying {
    /** So many records of a cell are filed by hardware address in each tick: some milliseconds' work. */
    private static final int FILED_PER_TICK = 4096;

    /** And so many when somebody asks. */
    private static final int FILED_PER_QUERY = 256;

    private static final Comparator<LeaseFacts> BY_LAST_TRANSACTION =
            Comparator.comparing(LeaseFacts::lastTransaction).thenComparing(LeaseFacts::address);

    private final LocalServer local;
    private final CellViews cells;
    private final Alone alone;
    private final Replies.PlanView plans;
    private final ReplyRouting routing;
    private final TreeMap<CellId, Hardware> lookups = new TreeMap<>();

    /** A lookup, and the copy of the cell that it is for: another one takes its place after a snapshot. */
    private record Hardware(LeaseTable table, HardwareLookup lookup) {}

    LeaseQuerying(LocalServer local, CellViews cells, Alone alone, Replies.PlanView plans) {
        this.local = local;
        this.cells = cells;
        this.alone = alone;
        this.plans = plans;
        routing = new ReplyRouting(local);
    }

    boolean isOn() {
        return !local.requesters().isNobody();
    }

    /** Once a second. */
    void tick() {
        if (isOn()) {
            for (CellId cell : cells.cells()) {
                lookup(cell).file(FILED_PER_TICK);
            }
        }
    }

    private HardwareLookup lookup(CellId cell) {
        LeaseTable table = cells.table(cell);
        Hardware known = lookups.get(cell);
        if (known == null || known.table != table) {
            known = new Hardware(table, new HardwareLookup(table));
            lookups.put(cell, known);
        }
        return known.lookup;
    }

    /** A query has come in. */
    void asked(Packet query, Arrival arrival, Story story, Turn turn) {
        if (!local.requesters().allows(query.giaddr()) || !local.requesters().allows(arrival.source())) {
            turn.report(
                    ServerEvent.LEASEQUERY_REFUSED,
                    "from " + arrival.source() + ", for " + query.giaddr() + " as its giaddr");
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        Ipv4 named = query.options().ipv4(OptionCode.SERVER_ID).orElse(Ipv4.UNSPECIFIED);
        if (!named.isUnspecified() && !isOurs(named)) {
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        byte[] identifier = query.options().bytes(OptionCode.CLIENT_ID).orElseGet(() -> new byte[0]);
        Octets hardware = ClientIdentity.hardware(query.hardware());
        boolean byAddress = !query.ciaddr().isUnspecified();
        boolean byIdentifier = identifier.length > 0;
        boolean byHardware = !hardware.isEmpty();
        // One of three, and no other: RFC 4388 §6.2.
        if ((byAddress ? 1 : 0) + (byIdentifier ? 1 : 0) + (byHardware ? 1 : 0) != 1
                || identifier.length > ClientId.LENGTH_MAX) {
            turn.report(ServerEvent.LEASEQUERY_MALFORMED);
            story.end(PacketOutcome.DROPPED, turn);
            return;
        }
        if (byAddress) {
            byAddress(query, arrival, turn);
        } else if (byIdentifier) {
            byClient(query, arrival, new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, Octets.of(identifier)), turn);
        } else if (!byHardware(query, arrival, hardware, turn)) {
            story.end(PacketOutcome.SILENT, turn);
            return;
        }
        story.end(PacketOutcome.ANSWERED, turn);
    }

    private boolean isOurs(Ipv4 identifier) {
        for (CellId cell : cells.cells()) {
            if (cells.table(cell)
                    .config()
                    .filter(config -> isOf(config, identifier))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(CellConfig config, Ipv4 identifier) {
        return config.serverIdentifier().equals(identifier)
                || config.aliases().contains(identifier)
                || config.members().stream()
                        .anyMatch(member -> member.addresses().contains(identifier));
    }

    private void byAddress(Packet query, Arrival arrival, Turn turn) {
        Ipv4 address = query.ciaddr();
        ServedSubnet subnet = plans.plan().subnetOf(address);
        if (subnet == null) {
            send(query, arrival, none(MessageType.LEASEUNKNOWN, query), turn);
            return;
        }
        CellId cell = subnet.network().cell().id();
        LeaseFacts lease =
                facts(cell, address, cells.table(cell).binding(address).orElse(null), turn.now());
        if (lease.state() == LeaseState.ACTIVE) {
            send(query, arrival, active(query, lease, List.of(lease), turn.now()), turn);
        } else {
            send(query, arrival, none(MessageType.LEASEUNASSIGNED, query), turn);
        }
    }

    private void byClient(Packet query, Arrival arrival, ClientId client, Turn turn) {
        TreeMap<Ipv4, LeaseFacts> found = new TreeMap<>();
        for (CellId cell : cells.cells()) {
            collect(cell, cells.table(cell).bindingsOf(client), is -> is.id().equals(client), turn.now(), found);
        }
        answer(query, arrival, found.values(), turn);
    }

    /** False when the index is not complete yet. */
    private boolean byHardware(Packet query, Arrival arrival, Octets hardware, Turn turn) {
        TreeMap<Ipv4, LeaseFacts> found = new TreeMap<>();
        for (CellId cell : cells.cells()) {
            HardwareLookup lookup = lookup(cell);
            if (lookup.file(FILED_PER_QUERY) > 0) {
                return false;
            }
            Predicate<LeaseClient> has = is -> is.hardware().equals(hardware);
            collect(cell, lookup.bindingsOf(hardware), has, turn.now(), found);
        }
        answer(query, arrival, found.values(), turn);
        return true;
    }

    /** Those of some bindings, and of what was promised alone beside them, that are a client's active leases. */
    private void collect(
            CellId cell,
            List<Binding> bindings,
            Predicate<LeaseClient> client,
            Instant now,
            Map<Ipv4, LeaseFacts> into) {
        for (Binding binding : bindings) {
            take(facts(cell, binding.address(), binding, now), client, into);
        }
        for (Promise promise : alone.journal(cell).unbound()) {
            if (client.test(promise.client())) {
                Ipv4 address = promise.address();
                Binding binding = cells.table(cell).binding(address).orElse(null);
                take(facts(cell, address, binding, now), client, into);
            }
        }
    }

    private static void take(LeaseFacts lease, Predicate<LeaseClient> client, Map<Ipv4, LeaseFacts> into) {
        LeaseClient holder = lease.client();
        if (lease.state() == LeaseState.ACTIVE && holder != null && client.test(holder)) {
            into.put(lease.address(), lease);
        }
    }

    private LeaseFacts facts(CellId cell, Ipv4 address, @Nullable Binding binding, Instant now) {
        PromiseJournal journal = alone.journal(cell);
        return LeaseFacts.of(address, binding, journal.promise(address), local.self(), now);
    }

    /** Answers with the lease whose client was heard of last, and names the others (RFC 4388 §6.4.2). */
    private void answer(Packet query, Arrival arrival, Collection<LeaseFacts> leases, Turn turn) {
        LeaseFacts last = leases.stream().max(BY_LAST_TRANSACTION).orElse(null);
        Packet reply = last == null
                ? none(MessageType.LEASEUNKNOWN, query)
                : active(query, last, List.copyOf(leases), turn.now());
        send(query, arrival, reply, turn);
    }

    /** An answer that tells of no lease: with what was asked for, so that it can be matched. */
    private Packet none(MessageType type, Packet query) {
        Options options = head(type, query.ciaddr())
                .echo(OptionCode.CLIENT_ID, query.options())
                .build();
        return header(query)
                .ciaddr(query.ciaddr())
                .hardware(query.hardware())
                .options(options)
                .build();
    }

    private Packet active(Packet query, LeaseFacts lease, List<LeaseFacts> all, Instant now) {
        Wanted wanted = Wanted.by(query);
        OptionsBuilder options = head(MessageType.LEASEACTIVE, lease.address());
        wanted.fill(lease, now, options);
        LeaseClient client = lease.client();
        ServedSubnet subnet = plans.plan().subnetOf(lease.address());
        if (subnet != null && client != null) {
            ReplyTemplate template =
                    subnet.terms(lease.address(), client, Overlay.NONE).template();
            times(lease, wanted, template, now, options);
            configured(wanted, template, options);
        }
        if (wanted.has(OptionCode.DHCP_STATE)) {
            options.u8(OptionCode.DHCP_STATE, lease.state().code());
        }
        if (wanted.has(OptionCode.BASE_TIME)) {
            options.u32(OptionCode.BASE_TIME, Wanted.seconds(Instant.EPOCH, now));
        }
        if (all.size() > 1) {
            // Those beside ciaddr, whether or not they are asked for.
            options.ipv4List(
                    OptionCode.ASSOCIATED_IP,
                    all.stream()
                            .map(LeaseFacts::address)
                            .filter(address -> !address.equals(lease.address()))
                            .toList());
        }
        wanted.relayInformation(lease, options);
        return header(query)
                .ciaddr(lease.address())
                .hardware(client == null ? query.hardware() : Wanted.hardware(client))
                .options(options.build())
                .build();
    }

    /** T1 and T2, as far as they are still to come (RFC 4388 §6.4.2). */
    private static void times(
            LeaseFacts lease, Wanted wanted, ReplyTemplate template, Instant now, OptionsBuilder options) {
        long granted = Wanted.seconds(lease.lastTransaction(), lease.end());
        long gone = Wanted.seconds(lease.lastTransaction(), now);
        long renewal = template.renewalSeconds(granted) - gone;
        long rebinding = template.rebindingSeconds(granted) - gone;
        if (wanted.has(OptionCode.RENEWAL_TIME) && renewal > 0) {
            options.u32(OptionCode.RENEWAL_TIME, renewal);
        }
        if (wanted.has(OptionCode.REBINDING_TIME) && rebinding > 0) {
            options.u32(OptionCode.REBINDING_TIME, rebinding);
        }
    }

    /** What the configuration gives with the address to a client of no class, and the requester names. */
    private static void configured(Wanted wanted, ReplyTemplate template, OptionsBuilder options) {
        for (byte each : wanted.asked()) {
            int code = each & 255;
            int at = template.find(code);
            if (at >= 0 && code != OptionCode.HOSTNAME) {
                options.octets(code, template.valueAt(at));
            }
        }
    }

    private OptionsBuilder head(MessageType type, Ipv4 address) {
        ServedSubnet subnet = plans.plan().subnetOf(address);
        OptionsBuilder options = Options.builder().messageType(type);
        if (subnet != null) {
            return options.ipv4(OptionCode.SERVER_ID, subnet.network().cell().serverIdentifier());
        }
        // Of no cell, or of a client of none: all cells of a cluster have one service address.
        for (CellId cell : cells.cells()) {
            Ipv4 identifier = cells.table(cell)
                    .config()
                    .map(config -> config.serverIdentifier())
                    .orElse(null);
            if (identifier != null) {
                return options.ipv4(OptionCode.SERVER_ID, identifier);
            }
        }
        return options;
    }

    private static PacketBuilder header(Packet query) {
        return Packet.builder().op(BootpOp.REPLY).xid(query.xid()).giaddr(query.giaddr());
    }

    private void send(Packet query, Arrival arrival, Packet reply, Turn turn) {
        EncodeLimits limits = EncodeLimits.replyTo(query, local.mtuBytes());
        turn.emit(new Effect.SendReply(reply, routing.toRelay(query, arrival), limits, turn.now()));
    }
}
