package org.anylease.store.alone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.anylease.store.address.Ipv4;
import org.anylease.store.alone.JournalRecord.Claim;
import org.anylease.store.alone.JournalRecord.Promise;
import org.anylease.store.alone.JournalRecord.Reported;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.PromiseEnding;
import org.anylease.store.command.PromiseRule;
import org.anylease.store.command.RequestKind;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * A cell, its servers and their clients, one random step after the other: the model (LeasePromise.tla) with the real
 * table, rules and journals in the place of its actions. The log is one list; any server may append at any time or act
 * alone at any time; a server's copy lags without bound. Times are whole seconds.
 */
final class AloneWorld {
    static final int SKEW = 2;
    static final int LEASE = 5;
    static final int MCLT = 4;
    private static final int CLIENTS = 3;
    private static final int ADDRESSES = 8;
    /** How likely each action is, in the order of {@link #act}. */
    private static final List<Integer> USUAL_WEIGHTS =
            List.of(6, 6, 6, 12, 8, 4, 8, 8, 4, 2, 10, 14, 10, 10, 2, 4, 2, 3, 1);

    private static final int ACTIONS = 19;

    private final Random random;
    private final int mutant;
    private final int[] weights = new int[ACTIONS];
    /** The address that most of what happens is about. */
    private final Ipv4 focus;

    private final AloneLog log;
    private final LeaseTable cell;
    private final List<AloneServer> servers = new ArrayList<>();
    private final Map<String, Integer> seen;
    private List<Held> promised = new ArrayList<>();
    private long now = 100;
    private String last = "nothing";

    /** What a client holds, until a real time. */
    private record Held(Ipv4 address, LeaseClient client, long until) {}

    AloneWorld(long seed, int mutant, Map<String, Integer> seen) {
        random = new Random(seed);
        this.mutant = mutant;
        this.seen = seen;
        log = new AloneLog(mutant, random.nextBoolean() ? LEASE + 1 : 3 * LEASE);
        cell = log.cell;
        focus = Ipv4.parse("10.0.0." + (1 + random.nextInt(ADDRESSES)));
        for (int i = 0; i < ACTIONS; i++) {
            // Each run has likes and dislikes, so that what is rare on the whole is frequent somewhere.
            weights[i] = USUAL_WEIGHTS.get(i) << random.nextInt(3);
        }
        for (int rare : List.of(5, 8, 9, 14, 15, 16, 17, 18)) {
            weights[rare] = random.nextInt(3) == 0 ? 0 : weights[rare];
        }
        if (random.nextInt(4) > 0) {
            weights[random.nextBoolean() ? 17 : 18] = 0;
        }
        // What a broken rule is about happens often enough in a mutant's runs to be met.
        if (mutant == 8) {
            for (int aside : List.of(5, 8, 9, 14, 15, 16, 18)) {
                weights[aside] = 0;
            }
            weights[0] = 8 << random.nextInt(2);
            weights[4] = 10;
            weights[17] = 2;
        } else if (mutant == 9) {
            for (int aside : List.of(5, 8, 9, 14, 17, 18)) {
                weights[aside] = 0;
            }
            weights[4] = 10;
            weights[15] = 5;
            weights[16] = 7;
        }
        commit("s1", log.configuration(1, LEASE, MCLT, false));
        for (String name : List.of("s1", "s2")) {
            AloneServer server = new AloneServer(name);
            servers.add(server);
            log.apply(server, log.size());
            server.append(LogIndex.NONE, List.of(rules(server).birth().orElseThrow()));
        }
    }

    /** One random step; null, or what is wrong after it. */
    @Nullable
    String step() throws Exception {
        act(weighted());
        for (Held one : promised) {
            for (Held other : promised) {
                if (one.address.equals(other.address)
                        && !one.client.id().equals(other.client.id())
                        && one.until > now
                        && other.until > now) {
                    return "I1 NoDoublePromise: after '" + last + "' at " + now + ", " + one + " and " + other;
                }
            }
        }
        if (mutant == 0 && !cell.conflicts().isEmpty()) {
            return "no promise is ever found double: " + cell.conflicts();
        }
        return null;
    }

    private int weighted() {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int at = random.nextInt(sum);
        for (int i = 0; i < ACTIONS; i++) {
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
        throw new IllegalStateException("weights");
    }

    private void act(int action) throws Exception {
        AloneServer server = servers.get(random.nextInt(servers.size()));
        boolean cellOnly = action <= 4 || action == 13 || action == 17 || action == 18;
        if (server.off && !cellOnly) {
            return;
        }
        switch (action) {
            case 0 -> tick();
            case 1, 2 -> grantOrRenew();
            case 3 -> expire();
            case 4 -> release();
            case 5 -> {
                if (!server.off) {
                    note("grant", commit(server.id.name(), new LeaseCommand.GrantEscrow(server.id, "lan", 1)));
                }
            }
            case 6, 7 -> {
                List<Ipv4> escrow = server.view.escrowOf(server.id, "lan");
                Ipv4 address = escrow.isEmpty() || random.nextBoolean() ? somewhere() : escrow.getFirst();
                LeaseClient holder =
                        server.view.binding(address).map(Binding::client).orElse(null);
                leaseAlone(server, holder != null && random.nextBoolean() ? holder : someone(), address);
            }
            case 8 -> discoverAlone(server, someone());
            case 9 -> partAlone(server);
            case 10 -> flush(server);
            case 11 -> log.apply(server, log.size());
            case 12 -> report(server);
            case 13 -> hear(server);
            case 14 -> giveBack(server);
            case 15 -> {
                server.durable = server.view.appliedIndex().value();
                server.append(server.view.appliedIndex(), rules(server).collect(new LogIndex(server.durable)));
            }
            case 16 -> crash(server);
            case 17 -> downOrUp(server);
            default -> configure();
        }
    }

    private void tick() {
        now++;
        promised.removeIf(held -> held.until <= now);
    }

    private void grantOrRenew() {
        LeaseClient client = someone();
        Outcome outcome =
                commit("s1", new LeaseCommand.CommitLease(client, "lan", somewhere(), RequestKind.SELECTING, null));
        if (outcome instanceof Outcome.Bound bound) {
            promise(bound.address(), client, bound.leaseTime(), "R1");
        }
    }

    private void expire() {
        LogIndex settled = switch (mutant) {
            case 1 -> new LogIndex(Long.MAX_VALUE);
            case 8 -> cell.settled(id -> isOverTooSoon(id) ? new LogIndex(Long.MAX_VALUE) : heardOf(id));
            default -> cell.settled(this::heardOf);
        };
        note("expire", commit("s1", new LeaseCommand.ExpireDue(1 + random.nextInt(8), settled)));
    }

    /** Mutant 8: a server declared down counts as silent without twice the skew. */
    private boolean isOverTooSoon(ServerId id) {
        Instant declared = cell.declaredDown().get(id);
        return declared != null && cell.time().isAfter(declared.plusSeconds(LEASE));
    }

    private LogIndex heardOf(ServerId id) {
        return servers.stream()
                .filter(server -> server.id.equals(id))
                .findFirst()
                .map(server -> server.heard)
                .orElseThrow();
    }

    private void release() {
        if (promised.isEmpty()) {
            return;
        }
        Held held = promised.get(random.nextInt(promised.size()));
        LogIndex binding = cell.binding(held.address).map(Binding::index).orElse(LogIndex.NONE);
        promised.remove(held);
        promised.removeIf(
                other -> other.address.equals(held.address) && other.client.id().equals(held.client.id()));
        LeaseCommand command = random.nextInt(4) > 0
                ? new LeaseCommand.ReleaseLease(held.client.id(), held.address, binding)
                : new LeaseCommand.DeclineAddress(held.client.id(), held.address, binding);
        note("part", commit("s1", command));
    }

    private void leaseAlone(AloneServer server, LeaseClient client, Ipv4 address) throws Exception {
        if (mutant == 4 && pastTheGrant(server, client, address)) {
            return;
        }
        AloneRules rules = new AloneRules(
                server.id, server.view, mutant == 5 || mutant == 9 ? lax(server) : server.journal, clock());
        tell(server, client, rules.lease(client, "lan", address, null));
    }

    private void discoverAlone(AloneServer server, LeaseClient client) {
        Optional<AlonePromise> offer = rules(server).offer(client, "lan", null, _ -> false);
        if (offer.isPresent() && random.nextInt(8) == 0 && !offer.get().held()) {
            rules(server)
                    .inUse(offer.get().address())
                    .ifPresent(claim -> note("in use", server.append(server.view.appliedIndex(), List.of(claim))));
            return;
        }
        tell(server, client, offer);
    }

    private void tell(AloneServer server, LeaseClient client, Optional<AlonePromise> promise) {
        promise.ifPresent(made -> {
            List<JournalRecord> records = new ArrayList<>(made.records());
            if (mutant == 3) {
                records.removeIf(Promise.class::isInstance);
            }
            LogIndex basedOn = mutant == 9 ? new LogIndex(Long.MAX_VALUE) : made.basedOn();
            if (server.append(basedOn, records)) {
                promise(made.address(), client, made.leaseTime(), made.rule().name());
            }
        });
    }

    /** The journal without what one rule looks at. */
    private PromiseJournal lax(AloneServer server) throws Exception {
        List<JournalRecord> records = new ArrayList<>(server.stored());
        if (mutant == 9) {
            records.removeIf(Reported.class::isInstance);
        } else {
            records.replaceAll(record -> record instanceof Claim claim && claim.client() != null
                    ? new Claim(claim.address(), claim.grant(), claim.client(), claim.until(), false, false)
                    : record);
        }
        return PromiseJournal.restore(records);
    }

    /** Mutant 4: an escrowed address for the longest lease, whenever the grant ends. */
    private boolean pastTheGrant(AloneServer server, LeaseClient client, Ipv4 address) {
        Binding binding = server.view.binding(address).orElse(null);
        boolean own = binding != null
                && binding.state() == BindingState.ESCROWED
                && server.id.equals(binding.server())
                && rules(server).fence(true).isEmpty();
        if (binding == null || !own || server.journal.claim(address, binding.index()) != null) {
            return false;
        }
        Instant until = clock().plusSeconds(LEASE);
        server.append(
                server.view.appliedIndex(),
                List.of(
                        new Claim(address, binding.index(), client.id(), until, false, false),
                        new Promise(
                                address,
                                client,
                                "lan",
                                until,
                                binding.index(),
                                PromiseRule.R3_ESCROW,
                                PromiseEnding.HELD,
                                clock())));
        promise(address, client, Duration.ofSeconds(LEASE), "R3_ESCROW");
        return true;
    }

    private void promise(Ipv4 address, LeaseClient client, Duration leaseTime, String rule) {
        note(rule, true);
        Held held = new Held(address, client, now + leaseTime.toSeconds());
        List<Held> next = new ArrayList<>();
        for (Held other : promised) {
            if (!other.address.equals(address) || !other.client.id().equals(client.id()) || other.until > held.until) {
                next.add(other);
            }
        }
        next.add(held);
        promised = next;
    }

    private void partAlone(AloneServer server) {
        if (promised.isEmpty()) {
            return;
        }
        Held held = promised.get(random.nextInt(promised.size()));
        PromiseEnding ending = random.nextInt(4) > 0 ? PromiseEnding.RELEASED : PromiseEnding.DECLINED;
        Optional<Promise> parting = server.view
                .binding(held.address)
                .flatMap(
                        binding -> rules(server).end(held.client.id(), held.address, binding.index(), clock(), ending));
        promised.removeIf(
                other -> other.address.equals(held.address) && other.client.id().equals(held.client.id()));
        parting.ifPresent(record -> note("part alone", server.append(server.view.appliedIndex(), List.of(record))));
    }

    /** Commits one promise, or hears that one is committed: a promise made in between is kept. */
    private void flush(AloneServer server) {
        if (!server.flushing.isEmpty() && random.nextBoolean()) {
            Promise done = server.flushing.removeFirst();
            server.append(server.view.appliedIndex(), rules(server).afterFlush(done));
            return;
        }
        List<Promise> pending = server.journal.pending();
        if (!pending.isEmpty()) {
            Promise promise = pending.get(random.nextInt(pending.size()));
            server.append(server.view.appliedIndex(), rules(server).beforeFlush(promise));
            Outcome outcome = commit(server.id.name(), promise.command());
            note(((Outcome.Merged) outcome).result().name(), true);
            server.flushing.add(promise);
        }
    }

    private void report(AloneServer server) {
        Optional<LogIndex> mayReport = rules(server).mayReport();
        boolean untrue = mutant == 6
                && server.view.appliedIndex().compareTo(server.journal.reported()) > 0
                && rules(server).fence(true).isEmpty();
        Optional<LogIndex> index = untrue ? Optional.of(server.view.appliedIndex()) : mayReport;
        index.ifPresent(k -> {
            server.append(k, List.of(new Reported(k)));
            server.saying = k;
            if (random.nextBoolean()) {
                hear(server);
            }
            note("report", true);
        });
    }

    private void hear(AloneServer server) {
        server.heard = server.saying.compareTo(server.heard) > 0 ? server.saying : server.heard;
    }

    private void giveBack(AloneServer server) {
        if (!server.returning.isEmpty() && random.nextBoolean()) {
            note("return", commit(server.id.name(), server.returning.removeFirst()));
            return;
        }
        List<EscrowReturn> returns = new ArrayList<>(rules(server).returns("lan", _ -> false));
        for (Ipv4 address : server.view.escrowOf(server.id, "lan")) {
            Binding binding = server.view.binding(address).orElseThrow();
            if (returns.isEmpty() && server.journal.claim(address, binding.index()) == null) {
                returns.add(rules(server).giveBack(binding, null));
            }
        }
        for (EscrowReturn each : returns) {
            server.append(server.view.appliedIndex(), each.before());
            server.returning.add(each.command());
        }
    }

    private void crash(AloneServer server) throws Exception {
        server.journal = PromiseJournal.restore(server.stored());
        server.view = new LeaseTable(Cells.CELL);
        server.flushing.clear();
        server.returning.clear();
        log.apply(server, server.durable);
        note("crash", true);
    }

    private void downOrUp(AloneServer server) {
        if (!server.off) {
            boolean done = note("down", commit("s1", new LeaseCommand.DeclareDown(server.id, "operator")));
            server.off = done;
        } else if (random.nextInt(4) == 0) {
            log.apply(server, log.size());
            server.append(LogIndex.NONE, List.of(rules(server).comeback().orElseThrow()));
            note("back", commit(server.id.name(), new LeaseCommand.UndoDeclareDown(server.id, "operator")));
            server.off = false;
        }
    }

    private void configure() {
        long version = cell.config().orElseThrow().version();
        int lease = random.nextInt(3) == 0 ? LEASE - 1 : LEASE;
        int mclt = random.nextInt(3) == 0 ? MCLT - 2 : MCLT;
        note("configure", commit("s1", log.configuration(version + 1, lease, mclt, random.nextBoolean())));
    }

    private Outcome commit(String by, LeaseCommand command) {
        last = command.toString();
        return log.commit(by, stamp(), command);
    }

    /** The leader's clock; against mutant 8, the worst: behind until a server is declared down, ahead from then on. */
    private Instant stamp() {
        if (mutant != 8) {
            return clock();
        }
        boolean behind = servers.stream().noneMatch(server -> server.off);
        return Cells.START.plusSeconds(behind ? now - SKEW : now + SKEW);
    }

    private AloneRules rules(AloneServer server) {
        return new AloneRules(server.id, server.view, server.journal, clock());
    }

    /** Some server's clock: anywhere within the skew of real time. */
    private Instant clock() {
        return Cells.START.plusSeconds(now + random.nextInt(2 * SKEW + 1) - SKEW);
    }

    private LeaseClient someone() {
        return Cells.client(random.nextInt(8) == 0 ? CLIENTS - 1 : random.nextInt(CLIENTS - 1));
    }

    private Ipv4 somewhere() {
        return random.nextInt(4) > 0 ? focus : Ipv4.parse("10.0.0." + (1 + random.nextInt(ADDRESSES)));
    }

    private boolean note(String what, Outcome outcome) {
        return note(what, outcome instanceof Outcome.Done(int changed) && changed > 0);
    }

    private boolean note(String what, boolean happened) {
        if (happened) {
            seen.merge(what, 1, Integer::sum);
        }
        return happened;
    }
}
