package org.anylease.server.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.anylease.server.config.LevelReader.Scope;
import org.anylease.server.config.SystemConfig.Pool;
import org.anylease.server.config.SystemConfig.Reservation;
import org.anylease.server.config.SystemConfig.Subnet;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.lease.ClientId;

/** Reads a subnet with its pools and reservations, and checks that they agree with it and with each other. */
final class SubnetReader {
    private static final int ROUTERS = 3;
    private static final int HARDWARE_MAX = 16;
    private static final int HAS_BROADCAST_MAX = 30;

    private final Prefix prefix;
    private final Inventory inventory;

    private SubnetReader(Prefix prefix, Inventory inventory) {
        this.prefix = prefix;
        this.inventory = inventory;
    }

    static Optional<Subnet> read(String name, Cursor cursor, Scope outer, Inventory inventory) {
        Optional<Prefix> prefix = Notation.key(cursor, name, Prefix::parse);
        SubnetReader reader = new SubnetReader(prefix.orElse(new Prefix(Ipv4.UNSPECIFIED, 0)), inventory);
        Section section = new Section(cursor, Concept.SUBNET);
        LevelSettings level = LevelReader.level(section, outer);
        Scope scope = outer.within(level);
        DnsPlaces.Here named = outer.dns().within(section);
        List<Placed<Pool>> pools = section.take("pools").map(Cursor::items).orElse(List.of()).stream()
                .flatMap(pool -> reader.pool(pool, scope).stream())
                .toList();
        List<Placed<Reservation>> reservations =
                section.take("reservations").map(Cursor::items).orElse(List.of()).stream()
                        .flatMap(reservation -> reader.reservation(reservation, scope).stream())
                        .toList();
        section.done();
        Placed.reportOverlaps(
                pools.stream()
                        .map(pool -> new Placed<>(pool.value().range(), pool.at()))
                        .toList(),
                "pool",
                range -> range);
        reader.checkTwice(reservations);
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        inventory.addSubnet(prefix.get(), cursor);
        named.at(prefix.get());
        reader.checkRouters(level, pools);
        if (pools.isEmpty()
                && reservations.isEmpty()
                && !section.take("pools").isPresent()
                && !section.take("reservations").isPresent()) {
            cursor.warning("the subnet has neither pools nor reservations: no client gets an address of it");
        }
        return Optional.of(new Subnet(
                prefix.get(),
                level,
                pools.stream().map(Placed::value).toList(),
                reservations.stream().map(Placed::value).toList()));
    }

    private Optional<Placed<Pool>> pool(Cursor cursor, Scope outer) {
        if (!(cursor.value() instanceof YamlValue.Mapping)) {
            return range(cursor)
                    .map(range -> new Placed<>(new Pool(range, LevelSettings.NONE, PoolAccess.OPEN), cursor));
        }
        Section section = new Section(cursor, Concept.POOL);
        Optional<Cursor> at = section.take("range");
        Optional<AddressRange> range = at.flatMap(this::range);
        LevelSettings level = LevelReader.level(section, outer);
        PoolAccess access = outer.classes().access(section);
        section.done();
        return range.map(found -> new Placed<>(new Pool(found, level, access), at.orElseThrow()));
    }

    private Optional<AddressRange> range(Cursor cursor) {
        Optional<AddressRange> range = cursor.read(SubnetReader::range);
        if (range.isEmpty()) {
            return range;
        }
        AddressRange found = range.get();
        if (!prefix.contains(found.first()) || !prefix.contains(found.last())) {
            cursor.error(
                    "pool " + found + " does not lie in subnet " + prefix, prefix.network() + " to " + prefix.last());
            return Optional.empty();
        }
        if (prefix.length() <= HAS_BROADCAST_MAX) {
            if (found.contains(prefix.network())) {
                cursor.warning("pool " + found + " holds the network's own address " + prefix.network());
            }
            if (found.contains(prefix.last())) {
                cursor.warning("pool " + found + " holds the broadcast address " + prefix.last());
            }
        }
        inventory.addPool(found, cursor);
        return range;
    }

    /** A range, a prefix or a single address. */
    private static AddressRange range(String text) {
        if (text.indexOf('-') < 0 && text.indexOf('/') < 0 && Notation.isAddress(text)) {
            return new AddressRange(Ipv4.parse(text), Ipv4.parse(text));
        }
        return AddressRange.parse(text);
    }

    private Optional<Placed<Reservation>> reservation(Cursor cursor, Scope outer) {
        Section section = new Section(cursor, Concept.RESERVATION);
        Optional<Cursor> at = section.take("address");
        Optional<Ipv4> address = at.flatMap(value -> value.read(Notation::host));
        Optional<ClientId> client = client(section);
        String hostname = section.read("hostname", DomainNames::check);
        LevelSettings level = LevelReader.level(section, outer);
        section.done();
        if (address.isEmpty() || client.isEmpty()) {
            return Optional.empty();
        }
        Ipv4 found = address.get();
        boolean ends =
                prefix.length() <= HAS_BROADCAST_MAX && (found.equals(prefix.network()) || found.equals(prefix.last()));
        if (!prefix.contains(found) || ends) {
            at.orElseThrow()
                    .error(
                            ends
                                    ? found + " is the " + (found.equals(prefix.last()) ? "broadcast" : "network's own")
                                            + " address of subnet " + prefix
                                    : "address " + found + " does not lie in subnet " + prefix,
                            "an address of a host in " + prefix);
            return Optional.empty();
        }
        inventory.addPool(new AddressRange(found, found), at.orElseThrow());
        return Optional.of(new Placed<>(new Reservation(found, client.get(), hostname, level), at.orElseThrow()));
    }

    private static Optional<ClientId> client(Section section) {
        Optional<Cursor> hardware = section.take("hardware");
        Optional<Cursor> identifier = section.take("client-id");
        Long type = section.read("hardware-type", Notation.number(0, 255));
        if (hardware.isPresent() == identifier.isPresent()) {
            if (section.cursor().value() instanceof YamlValue.Mapping) {
                section.cursor()
                        .error(
                                hardware.isPresent()
                                        ? "both 'hardware' and 'client-id' say whose address this is"
                                        : "nothing says whose address this is",
                                "either 'hardware' or 'client-id'");
            }
            return Optional.empty();
        }
        return hardware.isPresent()
                ? hardware.get().read(text -> hardware(type == null ? 1 : type, text))
                : identifier.orElseThrow().read(SubnetReader::identifier);
    }

    static ClientId hardware(long type, String text) {
        Octets octets;
        try {
            octets = Notation.octets(text.replace('-', ':'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no hardware address (expected one like 02:00:00:00:00:01)", e);
        }
        if (octets.length() > HARDWARE_MAX || (type == 1 && octets.length() != 6)) {
            throw new IllegalArgumentException("'" + text + "' has " + octets.length() + " octets (expected "
                    + (type == 1 ? "6" : "1 to 16") + ", like 02:00:00:00:00:01)");
        }
        byte[] value = new byte[octets.length() + 1];
        value[0] = (byte) type;
        octets.copyTo(value, 1);
        return new ClientId(ClientId.Kind.HARDWARE, Octets.of(value));
    }

    static ClientId identifier(String text) {
        Octets octets = Notation.looksLikeOctets(text)
                ? Notation.octets(text)
                : Octets.of(text.getBytes(StandardCharsets.UTF_8));
        return new ClientId(ClientId.Kind.CLIENT_IDENTIFIER, octets);
    }

    private void checkTwice(List<Placed<Reservation>> reservations) {
        Map<Ipv4, Placed<Reservation>> byAddress = new TreeMap<>();
        Map<ClientId, Placed<Reservation>> byClient = new TreeMap<>();
        for (Placed<Reservation> next : reservations) {
            Placed<Reservation> same = byAddress.putIfAbsent(next.value().address(), next);
            if (same != null) {
                next.at()
                        .error(
                                "address " + next.value().address() + " is reserved already, on line " + same.line(),
                                "");
            }
            Placed<Reservation> sameClient = byClient.putIfAbsent(next.value().client(), next);
            if (sameClient != null) {
                next.at()
                        .error(
                                "the client has a reservation in this subnet already, on line " + sameClient.line(),
                                "one for each client and subnet");
            }
        }
    }

    private void checkRouters(LevelSettings level, List<Placed<Pool>> pools) {
        Octets routers = level.replies().options().getOrDefault(ROUTERS, Octets.EMPTY);
        List<Ipv4> addresses = new ArrayList<>();
        for (int i = 0; i + 3 < routers.length(); i += 4) {
            addresses.add(new Ipv4(
                    routers.at(i) << 24 | routers.at(i + 1) << 16 | routers.at(i + 2) << 8 | routers.at(i + 3)));
        }
        for (Ipv4 router : new LinkedHashSet<>(addresses)) {
            pools.stream()
                    .filter(pool -> pool.value().range().contains(router))
                    .forEach(pool -> pool.at().warning("pool " + pool.value().range() + " holds the router " + router));
        }
    }
}
