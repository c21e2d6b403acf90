package org.anylease.store.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;

/** What the tests of the state are written with: a cell to drive, clients and configurations. */
public final class Cells {
    public static final CellId CELL = new CellId("campus");
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    public static final Incarnation DC1 = new Incarnation(new ServerId("dc1-a"), 1);
    public static final Incarnation DC1_B = new Incarnation(new ServerId("dc1-b"), 2);
    public static final Incarnation DC2 = new Incarnation(new ServerId("dc2-a"), 3);
    public static final LeaseTimes HOUR =
            new LeaseTimes(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(8));
    public static final CellTimers TIMERS = new CellTimers(
            Duration.ofDays(1),
            Duration.ofSeconds(5),
            Duration.ofHours(12),
            Duration.ofSeconds(30),
            Duration.ofHours(2));

    private Cells() {}

    /** A table with its log: each call is one entry with one batch. */
    public static final class Driver {
        public final LeaseTable table;
        public final List<Entry> log = new ArrayList<>();
        public Instant now = START;
        private long sequence;

        public Driver() {
            table = new LeaseTable(CELL);
        }

        public Outcome run(LeaseCommand command) {
            return run(DC1, command);
        }

        public Outcome run(Incarnation origin, LeaseCommand command) {
            Entry entry = new Entry(now, List.of(new Batch(origin, ++sequence, List.of(command))));
            log.add(entry);
            LogIndex index = new LogIndex(table.appliedIndex().value() + 1);
            return table.apply(index, entry).batches().getFirst().outcomes().getFirst();
        }

        public void pass(Duration time) {
            now = now.plus(time);
        }

        public void configure(SharedNetwork... networks) {
            long version = table.config().map(CellConfig::version).orElse(0L);
            run(new LeaseCommand.ApplyConfig(
                    config(version + 1, networks), version, "operator", Octets.of((byte) version)));
        }
    }

    public static CellConfig config(long version, SharedNetwork... networks) {
        return config(version, TIMERS, networks);
    }

    public static CellConfig config(long version, CellTimers timers, SharedNetwork... networks) {
        return new CellConfig(
                CELL,
                version,
                Ipv4.parse("192.0.2.1"),
                List.of(),
                List.of(
                        new Member(DC1.server(), new SiteId("dc1"), List.of(Ipv4.parse("192.0.2.11"))),
                        new Member(DC1_B.server(), new SiteId("dc1"), List.of()),
                        new Member(DC2.server(), new SiteId("dc2"), List.of())),
                timers,
                ReplySettings.NONE,
                List.of(networks));
    }

    public static SharedNetwork network(String name, boolean authoritative, Subnet... subnets) {
        NetworkPolicy policy = new NetworkPolicy(
                authoritative,
                NetworkPolicy.Identity.CLIENT_IDENTIFIER,
                true,
                Duration.ofMillis(500),
                NetworkPolicy.Unprobed.OFFER);
        return new SharedNetwork(name, List.of(subnets), ReplySettings.NONE, policy);
    }

    public static Subnet subnet(String prefix, List<String> pools, Reservation... reservations) {
        return new Subnet(
                Prefix.parse(prefix),
                pools.stream()
                        .map(range -> new Pool(AddressRange.parse(range), ReplySettings.NONE, HOUR))
                        .toList(),
                List.of(reservations),
                ReplySettings.NONE,
                HOUR);
    }

    public static Reservation reservation(String address, LeaseClient client) {
        return new Reservation(
                Ipv4.parse(address),
                new ClientId(ClientId.Kind.HARDWARE, client.hardware()),
                null,
                ReplySettings.NONE,
                HOUR);
    }

    public static LeaseClient client(int number) {
        Octets hardware = Octets.of(
                (byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, "", Octets.EMPTY, Ipv4.UNSPECIFIED);
    }

    /** The stored records, as a durable store would hold them after some changes. */
    public static final class Stored {
        public final TreeMap<Octets, byte[]> records = new TreeMap<>();

        public void take(StateChanges changes) {
            for (StateChanges.Change change : changes.changes()) {
                Octets key = Octets.of(change.key());
                byte[] value = change.value();
                if (value == null) {
                    records.remove(key);
                } else {
                    records.put(key, value);
                }
            }
        }

        public List<StateChanges.Change> all() {
            return records.entrySet().stream()
                    .map(each -> new StateChanges.Change(each.getKey().toArray(), each.getValue()))
                    .toList();
        }
    }
}
