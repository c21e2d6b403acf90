package org.anylease.store.state;

import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.anylease.store.state.Cells.subnet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.codec.EntryCodec;
import org.anylease.store.command.Batch;
import org.anylease.store.command.Conflict;
import org.anylease.store.command.Entry;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random logs, applied by the table, by a table that is restored from its stored records every now and then, and by
 * the naive model: outcomes, bindings and digests must agree after every entry.
 */
class NaiveModelTest {
    private static final int RUNS = 5;
    private static final int ENTRIES = 300;
    private static final ServerId DC2 = Cells.DC2.server();
    private static final CellTimers SHORTER = new CellTimers(
            Duration.ofHours(2),
            Duration.ofSeconds(2),
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofHours(3),
            Duration.ofMillis(300));

    private final List<RequestKind> kinds = List.of(RequestKind.values());
    private final TreeMap<String, Integer> seen = new TreeMap<>();
    private final List<Binding> backup = new ArrayList<>();
    private Random random = new Random(0);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheNaiveModelAndWithEveryRestoredReplica(int block) throws Exception {
        for (int run = 0; run < RUNS; run++) {
            long seed = block * 1000L + run;
            try {
                replay(seed);
            } catch (AssertionError | RuntimeException e) {
                fail("seed " + seed + ": " + e, e);
            }
        }
        assertThat(seen.keySet())
                .as("what the commands came to, all of which is to be met")
                .contains("TAKEN", "OBSOLETE", "CONFLICT", "Lapsed")
                .contains(
                        "GrantEscrow", "ReturnEscrow", "DeclareDown", "UndoDeclareDown", "ClearConflict", "RecoverCell")
                .contains("ExpireDue", "RestoreBindings", "ReserveAddresses", "UnreserveAddresses", "CLASS_FULL")
                .contains("OWN_NAME", "IN_FILE", "KEPT_FOR_ANOTHER", "CLIENT_HAS_ANOTHER", "HELD", "ABANDONED");
    }

    private void note(LeaseCommand command, Outcome outcome) {
        switch (outcome) {
            case Outcome.Merged(var result) -> seen.merge(result.name(), 1, Integer::sum);
            case Outcome.Done(int changed)
            when changed > 0 -> seen.merge(command.getClass().getSimpleName(), 1, Integer::sum);
            case Outcome.Refused(var reason)
            when reason == Outcome.Refused.Reason.CLASS_FULL -> seen.merge(reason.name(), 1, Integer::sum);
            case Outcome.Lapsed() -> seen.merge("Lapsed", 1, Integer::sum);
            case Outcome.NotReserved not -> seen.merge(not.obstacle().name(), 1, Integer::sum);
            default -> {}
        }
    }

    private void replay(long seed) throws Exception {
        random = new Random(seed);
        backup.clear();
        LeaseTable table = new LeaseTable(Cells.CELL);
        LeaseTable restored = new LeaseTable(Cells.CELL);
        NaiveCell naive = new NaiveCell();
        Cells.Stored stored = new Cells.Stored();
        List<Entry> log = new ArrayList<>();
        TreeMap<Ipv4, Binding> before = new TreeMap<>();
        Instant now = Cells.START;
        long index = 0;
        long sequence = 0;
        for (int i = 0; i < ENTRIES; i++) {
            now = now.plusMillis(step());
            index += 1 + random.nextInt(2);
            List<Batch> batches = new ArrayList<>();
            for (int b = random.nextInt(3); b >= 0; b--) {
                boolean again = sequence > 0 && random.nextInt(20) == 0;
                batches.add(
                        again && !log.isEmpty() && !log.getLast().batches().isEmpty()
                                ? log.getLast().batches().getLast()
                                : new Batch(origin(), ++sequence, commands(table), validity(now)));
            }
            Entry entry = coded(new Entry(now, batches));
            log.add(entry);
            Applied applied = table.apply(new LogIndex(index), entry);
            checkNaive(naive, index, entry, applied);
            assertThat(bindings(table, naive)).isEqualTo(naive.bindings);
            checkAlone(table, naive);
            checkInvariants(before, naive.bindings, naive.time);
            before = new TreeMap<>(naive.bindings);
            table.binding(somewhere()).ifPresent(backup::add);
            assertThat(restored.apply(new LogIndex(index), entry)).isEqualTo(applied);
            if (random.nextInt(4) == 0) {
                stored.take(restored.takeChanges());
                assertThat(restored.takeChanges().changes()).isEmpty();
                LeaseTable again = LeaseTable.restore(Cells.CELL, stored.all());
                assertThat(again.appliedIndex()).isEqualTo(restored.appliedIndex());
                assertThat(again.nextDue()).isEqualTo(restored.nextDue());
                assertThat(again.waitingSince()).isEqualTo(restored.waitingSince());
                assertThat(again.waiting()).isEqualTo(restored.waiting());
                checkAlone(again, naive);
                restored = again;
            }
            assertThat(restored.digest()).isEqualTo(table.digest());
            assertThat(restored.config()).isEqualTo(table.config());
            assertThat(restored.reservations()).isEqualTo(table.reservations());
            assertThat(table.config()).isEqualTo(Optional.ofNullable(naive.config));
            assertThat(restored.history()).isEqualTo(table.history());
        }
    }

    private static Entry coded(Entry entry) throws Exception {
        List<byte[]> encoded =
                entry.batches().stream().map(EntryCodec::encodeBatch).toList();
        Entry decoded = EntryCodec.decodeEntry(ByteBuffer.wrap(EntryCodec.assemble(entry.stamp(), encoded)));
        assertThat(decoded).isEqualTo(entry);
        return decoded;
    }

    private void checkNaive(NaiveCell naive, long index, Entry entry, Applied applied) {
        naive.index = index;
        naive.time = entry.stamp().isAfter(naive.time) ? entry.stamp() : naive.time;
        for (int b = 0; b < entry.batches().size(); b++) {
            Batch batch = entry.batches().get(b);
            if (!naive.batches.add(batch.origin() + "/" + batch.sequence())) {
                continue;
            }
            boolean isVoid = batch.voidAfter() != null && naive.time.isAfter(batch.voidAfter());
            for (int c = 0; c < batch.commands().size(); c++) {
                Outcome expected = isVoid
                        ? new Outcome.Lapsed()
                        : naive.apply(batch.commands().get(c), batch.origin().server());
                note(batch.commands().get(c), expected);
                assertThat(applied.batches().get(b).outcomes().get(c))
                        .as("entry %d, %s", index, batch.commands().get(c))
                        .isEqualTo(expected);
            }
        }
    }

    private static void checkAlone(LeaseTable table, NaiveCell naive) {
        assertThat(table.waitingSince().map(LogIndex::value))
                .isEqualTo(Optional.ofNullable(naive.config == null ? null : naive.alone.waitingSince()));
        assertThat(table.declaredDown()).isEqualTo(naive.alone.down);
        assertThat(table.recovery().isPresent()).isEqualTo(naive.alone.recovering());
        assertThat(table.conflicts()).containsExactlyInAnyOrderElementsOf(naive.alone.conflicts);
        assertThat(table.awaited()).containsExactlyElementsOf(naive.alone.awaited());
        for (SharedNetwork network : naive.config == null ? List.<SharedNetwork>of() : naive.config.networks()) {
            assertThat(table.idleCount(network.name())).isEqualTo(naive.alone.idle(network));
            assertThat(table.escrowCount(network.name())).isEqualTo((int) naive.alone.escrowed(network));
            for (Incarnation server : List.of(Cells.DC1, Cells.DC1_B, Cells.DC2)) {
                assertThat(table.escrowOf(server.server(), network.name()))
                        .isEqualTo(naive.alone.escrowOf(server.server(), network));
            }
        }
    }

    private static Map<Ipv4, Binding> bindings(LeaseTable table, NaiveCell naive) {
        TreeMap<Ipv4, Binding> found = new TreeMap<>();
        for (Ipv4 address : naive.bindings.keySet()) {
            table.binding(address).ifPresent(binding -> found.put(address, binding));
        }
        assertThat(table.bindingCount()).isEqualTo(naive.bindings.size());
        for (int c = table.appliedIndex().value() % 8 == 0 ? 0 : 20; c < 20; c++) {
            ClientId id = client(c).id();
            assertThat(table.bindingsOf(id))
                    .isEqualTo(naive.bindings.values().stream()
                            .filter(b -> b.isOf(id) || isOffered(b.offerAt(naive.time), id))
                            .toList());
        }
        return found;
    }

    private static boolean isOffered(@Nullable Offer offer, ClientId id) {
        return offer != null && offer.client().id().equals(id);
    }

    /** What must hold from one entry to the next, and of offers at any time. */
    private static void checkInvariants(Map<Ipv4, Binding> before, Map<Ipv4, Binding> now, Instant time) {
        TreeSet<String> offered = new TreeSet<>();
        for (Binding binding : now.values()) {
            Binding old = before.get(binding.address());
            LeaseClient holder = old == null || old.state() != BindingState.ACTIVE ? null : old.client();
            if (old != null && holder != null) {
                assertThat(binding.state()).as("I2 NoEarlyReuse").isNotEqualTo(BindingState.FREE);
                if (binding.state() == BindingState.ACTIVE) {
                    assertThat(binding.isOf(holder.id())).as("I2 NoEarlyReuse").isTrue();
                    assertThat(binding.end()).as("R1").isAfterOrEqualTo(old.end());
                }
            }
            Offer offer = binding.offerAt(time);
            if (offer != null) {
                String network = binding.address().compareTo(Ipv4.parse("10.0.2.0")) < 0 ? "a" : "b";
                assertThat(offered.add(offer.client().id() + network))
                        .as("one offer for a client in a network")
                        .isTrue();
                assertThat(binding.state()).isNotIn(BindingState.ACTIVE, BindingState.ABANDONED, BindingState.ESCROWED);
            }
        }
    }

    private long step() {
        return switch (random.nextInt(12)) {
            case 0 -> 3_700_000;
            case 1 -> -5_000;
            case 2 -> 8_000_000;
            case 3, 4 -> random.nextInt(31_000);
            default -> random.nextInt(3) * 500L;
        };
    }

    private Incarnation origin() {
        return switch (random.nextInt(3)) {
            case 0 -> Cells.DC1;
            case 1 -> Cells.DC1_B;
            default -> Cells.DC2;
        };
    }

    private @Nullable Instant validity(Instant now) {
        return random.nextInt(4) == 0 ? now.plusMillis(random.nextInt(2000) - 500) : null;
    }

    private List<LeaseCommand> commands(LeaseTable table) {
        List<LeaseCommand> commands = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            commands.add(command(table));
        }
        return commands;
    }

    private LeaseCommand command(LeaseTable table) {
        LeaseClient client = someone();
        String network = random.nextInt(4) == 0 ? "b" : "a";
        Binding known = table.binding(somewhere()).orElse(null);
        boolean own = random.nextBoolean() && known != null && known.client() != null;
        LeaseClient holder = own && known != null && known.client() != null ? known.client() : client;
        Ipv4 address = own && known != null ? known.address() : somewhere();
        return switch (random.nextInt(24)) {
            case 0, 1, 2 ->
                new LeaseCommand.OfferAddress(
                        client,
                        network,
                        random.nextInt(3) == 0 ? address : null,
                        random.nextInt(12) == 0 ? somewhere() : null);
            case 3, 4, 5, 6 -> {
                List<Binding> named = table.bindingsOf(client.id());
                Ipv4 at = named.isEmpty() || random.nextInt(3) == 0
                        ? address
                        : named.getFirst().address();
                yield new LeaseCommand.CommitLease(
                        client,
                        network,
                        at,
                        kinds.get(random.nextInt(kinds.size())),
                        random.nextInt(3) == 0 ? Duration.ofSeconds(random.nextInt(40_000)) : null);
            }
            case 7 -> new LeaseCommand.ReleaseLease(holder.id(), address, indexOf(known));
            case 8 ->
                random.nextInt(4) == 0
                        ? new LeaseCommand.DeclineAddress(holder.id(), address, indexOf(known))
                        : new LeaseCommand.CancelOffer(client.id());
            case 9, 10, 11 -> new LeaseCommand.ExpireDue(1 + random.nextInt(6), settled(table));
            case 12, 13, 14 ->
                promise(table, random.nextInt(4) == 0 ? holder : client, somewhereIn(table), random.nextInt(3));
            case 15, 16 -> new LeaseCommand.GrantEscrow(origin().server(), network, random.nextInt(6));
            case 17 -> {
                Binding escrowed = table.binding(somewhereIn(table)).orElse(known);
                ServerId owner = escrowed == null || escrowed.server() == null ? DC2 : escrowed.server();
                yield new LeaseCommand.ReturnEscrow(
                        owner,
                        escrowed == null ? address : escrowed.address(),
                        indexOf(escrowed),
                        random.nextInt(3) == 0);
            }
            case 18 -> vouching(table);
            case 19 -> restoring(known, address, client);
            case 20 -> new LeaseCommand.RestoreBindings(List.of(backedUp(table), backedUp(table)));
            case 21 -> Wishes.reserving(random, table, this::somewhere, this::someone);
            case 22 -> Wishes.unreserving(random, table, this::somewhere, this::someone);
            default -> configure(table);
        };
    }

    private LogIndex settled(LeaseTable table) {
        return switch (random.nextInt(4)) {
            case 0 -> LogIndex.NONE;
            case 1 -> new LogIndex(Long.MAX_VALUE);
            default -> new LogIndex(Math.max(0, table.appliedIndex().value() - random.nextInt(8)));
        };
    }

    /** An address that is likely in escrow. */
    private Ipv4 somewhereIn(LeaseTable table) {
        List<Ipv4> escrow = Stream.of(Cells.DC1, Cells.DC1_B, Cells.DC2)
                .flatMap(each -> table.escrowOf(each.server(), "a").stream())
                .toList();
        return escrow.isEmpty() || random.nextInt(4) == 0 ? somewhere() : escrow.get(random.nextInt(escrow.size()));
    }

    private LeaseCommand promise(LeaseTable table, LeaseClient client, Ipv4 address, int rule) {
        Binding binding = table.binding(address).orElse(null);
        LeaseClient holder = binding == null ? null : binding.client();
        boolean own = holder != null && random.nextInt(3) > 0;
        Instant until = table.time().plusSeconds(random.nextInt(50_000) - 5000L);
        return new LeaseCommand.CommitPromise(
                own && holder != null ? holder : client,
                "a",
                address,
                until.isBefore(Instant.EPOCH) ? Instant.EPOCH : until,
                random.nextInt(5) == 0 ? new LogIndex(3) : indexOf(binding),
                PromiseRule.ofCode(2 + rule),
                PromiseEnding.ofCode(Math.max(0, random.nextInt(6) - 3)),
                table.time().plusSeconds(random.nextInt(20)));
    }

    private LeaseCommand vouching(LeaseTable table) {
        ServerId server = random.nextInt(8) == 0 ? new ServerId("stranger") : origin().server();
        if (!table.conflicts().isEmpty() && random.nextBoolean()) {
            Conflict conflict = table.conflicts().getFirst();
            return new LeaseCommand.ClearConflict(conflict.address(), conflict.index());
        }
        if (random.nextInt(20) == 0) {
            return new LeaseCommand.RecoverCell(server, "operator");
        }
        return random.nextInt(3) > 0
                ? new LeaseCommand.UndoDeclareDown(server, "operator")
                : new LeaseCommand.DeclareDown(server, "operator");
    }

    private LeaseCommand restoring(@Nullable Binding known, Ipv4 address, LeaseClient client) {
        Binding like = known != null && random.nextBoolean() ? known : Binding.neverUsed(address, 0);
        BindingState state = BindingState.ofCode(random.nextInt(BindingState.values().length));
        boolean free = state == BindingState.FREE;
        Instant seen = random.nextBoolean() ? like.lastSeen() : like.lastSeen().plusSeconds(3600);
        return new LeaseCommand.RestoreBindings(List.of(new Binding(
                like.address(),
                state,
                new LogIndex(1),
                like.client() == null ? client : like.client(),
                seen,
                free ? Instant.EPOCH : seen.plusSeconds(random.nextInt(8000)),
                random.nextBoolean() ? Instant.EPOCH : seen.plusSeconds(90_000),
                seen,
                like.server(),
                like.siteMoves(),
                0,
                null)));
    }

    /** A binding as it was once, maybe heard of since; or a lease that another system gave out. */
    private Binding backedUp(LeaseTable table) {
        Binding once = backup.isEmpty() || random.nextInt(3) == 0
                ? Binding.neverUsed(somewhere(), 0)
                        .bind(
                                LogIndex.NONE,
                                someone(),
                                table.time(),
                                table.time().plusSeconds(random.nextInt(7_200)),
                                Cells.DC1.server(),
                                0)
                : backup.get(random.nextInt(backup.size()));
        Instant heard = random.nextBoolean() ? once.lastSeen() : table.time();
        return new Binding(
                once.address(),
                once.state(),
                once.index(),
                once.client(),
                once.start(),
                once.end(),
                once.gate(),
                heard,
                once.server(),
                once.siteMoves(),
                once.idleSequence(),
                null);
    }

    private static LogIndex indexOf(@Nullable Binding known) {
        return known == null ? LogIndex.NONE : known.index();
    }

    private LeaseCommand configure(LeaseTable table) {
        long version = table.config().map(CellConfig::version).orElse(0L);
        long basedOn = random.nextInt(10) == 0 ? version + 1 : version;
        List<Reservation> reservations = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Reservation some = reservation("10.0.0." + (2 + random.nextInt(12)), client(random.nextInt(20)));
            if (reservations.stream()
                    .noneMatch(
                            r -> r.address().equals(some.address()) || r.key().equals(some.key()))) {
                reservations.add(some);
            }
        }
        List<String> pools = switch (random.nextInt(4)) {
            case 0 -> List.of("10.0.0.0-10.0.0.15");
            case 1 -> List.of("10.0.0.9-10.0.0.12", "10.0.0.1-10.0.0.5");
            case 2 -> List.of("10.0.0.3-10.0.0.8");
            default -> List.of();
        };
        CellConfig config = Cells.config(
                basedOn + 1 + random.nextInt(2),
                random.nextInt(3) == 0 ? SHORTER : Cells.TIMERS,
                network(
                        "a",
                        random.nextBoolean(),
                        subnet("10.0.0.0/28", pools, reservations.toArray(new Reservation[0])),
                        subnet("10.0.1.0/31", List.of("10.0.1.0-10.0.1.1"))),
                network("b", true, subnet("10.0.2.0/29", List.of("10.0.2.1-10.0.2.4"))));
        CellConfig members = random.nextInt(3) == 0 ? withoutTheSecond(config) : config;
        return new LeaseCommand.ApplyConfig(
                random.nextBoolean() ? members : new RandomClasses(random).in(members),
                basedOn,
                "operator",
                Octets.EMPTY);
    }

    private static CellConfig withoutTheSecond(CellConfig config) {
        return new CellConfig(
                config.cell(),
                config.version(),
                config.serverIdentifier(),
                config.aliases(),
                List.of(config.members().get(0), config.members().get(2)),
                config.timers(),
                config.settings(),
                config.networks(),
                config.escrow());
    }

    private LeaseClient someone() {
        LeaseClient plain = client(random.nextInt(20));
        boolean relayed = random.nextBoolean();
        return new LeaseClient(
                plain.id(),
                plain.hardware(),
                random.nextBoolean() ? "host-ü" : "",
                relayed ? Octets.of((byte) 1, (byte) 1, (byte) random.nextInt(3)) : Octets.EMPTY,
                relayed ? Ipv4.parse("10.0.0.1") : Ipv4.UNSPECIFIED,
                new RandomClasses(random).ofAClient());
    }

    private Ipv4 somewhere() {
        return switch (random.nextInt(8)) {
            case 0 -> Ipv4.parse("10.0.1." + random.nextInt(2));
            case 1 -> Ipv4.parse("10.0.2." + random.nextInt(8));
            case 2 -> Ipv4.parse("172.16.0.1");
            default -> Ipv4.parse("10.0.0." + random.nextInt(16));
        };
    }
}
