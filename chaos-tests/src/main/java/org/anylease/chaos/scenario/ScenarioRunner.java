package org.anylease.chaos.scenario;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.anylease.chaos.client.ClientRequests;
import org.anylease.chaos.client.Habits;
import org.anylease.chaos.sim.Conditions;
import org.anylease.chaos.sim.Dice;
import org.anylease.chaos.sim.SimulatedCluster;
import org.anylease.chaos.sim.Tampering;
import org.anylease.chaos.sim.Terrain;
import org.anylease.chaos.sim.Trace;
import org.anylease.chaos.sim.Visitor;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.Conflict;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.ClientId;
import org.anylease.store.state.LeaseDigest;
import org.jspecify.annotations.Nullable;

/** Replays a story on a simulated cluster in fair weather, with every checker watching. */
public final class ScenarioRunner {
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final Duration LEASE_TOLERANCE = Duration.ofSeconds(30);
    private static final Duration EXPIRY_TOLERANCE = Duration.ofSeconds(40);

    private final ScenarioFile file;
    private final Trace trace = new Trace(null);
    private final TreeMap<String, Person> people = new TreeMap<>();
    private Terrain terrain = new Terrain(3);
    private @Nullable SimulatedCluster cluster;
    private int xid = 1;

    /** A client, with what it knows. */
    private static final class Person {
        private final ClientRequests requests;
        private @Nullable Visitor visitor;
        private @Nullable Ipv4 address;
        private Ipv4 server = Terrain.SERVICE;

        Person(ClientRequests requests) {
            this.requests = requests;
        }
    }

    /**
     * Prepares a run.
     *
     * @param file the story
     */
    public ScenarioRunner(ScenarioFile file) {
        this.file = file;
    }

    /**
     * Replays the story.
     *
     * @throws ScenarioFailed naming file and line, when something else happens than is told
     */
    public void run() {
        for (ScenarioFile.Line line : file.lines()) {
            try {
                step(line.step());
            } catch (RuntimeException e) {
                throw new ScenarioFailed(
                        file.name() + ":" + line.number() + ": " + line.text() + "\n  " + e.getMessage() + "\n"
                                + String.join("\n", trace.last()),
                        e);
            }
        }
    }

    private void step(Step step) {
        switch (step) {
            case Step.GivenSites(int count) -> terrain = new Terrain(count);
            case Step.GivenPool(var range) -> terrain.office(range.first(), range.last());
            case Step.GivenPoolFor(var range, String name, boolean members) ->
                terrain.pool(
                        range,
                        members ? new PoolAccess(List.of(name), List.of()) : new PoolAccess(List.of(), List.of(name)));
            case Step.Classed(String name, var clients, int limit) -> {
                terrain.clientClass(
                        name,
                        clients.stream()
                                .map(client -> person(client).requests.hardware())
                                .toList(),
                        limit);
                reconfigure();
            }
            case Step.GivenLease(Duration lease) -> terrain.lease(lease);
            case Step.GivenQuarantine(Duration quarantine) ->
                times(terrain.timers().offerHold(), quarantine);
            case Step.GivenOfferHold(Duration hold) ->
                times(hold, terrain.timers().quarantine());
            case Step.GivenMclt(Duration mclt) -> terrain.mclt(mclt);
            case Step.GivenLongestLease(Duration longest) -> terrain.longestLease(longest);
            case Step.GivenEscrow(int addresses) ->
                terrain.escrow(new EscrowPolicy(addresses, addresses, Duration.ZERO));
            case Step.GivenEscrowTerm(Duration term) -> terrain.escrowTerm(term);
            case Step.GivenNoProbe() -> terrain.policy(false, true);
            case Step.Reserved(Ipv4 address, String client) -> {
                terrain.reserve(address, person(client).requests.id());
                reconfigure();
            }
            case Step.Squatted(Ipv4 address) -> running().squat(address);
            case Step.After(Duration span) -> running().queue().run(span);
            case Step.Cut(var servers) -> running().cut(servers);
            case Step.Heal() -> {
                running().heal();
                running().queue().run(SETTLING);
            }
            case Step.Crash(ServerId server) -> running().crash(server);
            case Step.Start(ServerId server) -> running().restart(server);
            case Step.LeaderChanges() -> running().changeLeader();
            case Step.DeclareDown(ServerId server, boolean falsely) -> {
                if (falsely) {
                    running().operator().declareDownFalsely(server);
                } else {
                    running().operator().declareDown(server);
                }
                running().queue().run(SETTLING);
            }
            case Step.ClientActs acts -> act(acts);
            case Step.ExpectBinding(Ipv4 address, BindingState state, var client) -> expect(address, state, client);
            case Step.ExpectExpiry(Ipv4 address, Duration left) -> expectExpiry(address, left);
            case Step.ExpectAgreement() -> expectAgreement();
            case Step.ExpectMerged() -> expectMerged();
            case Step.ExpectWaiting(boolean some) -> {
                var since = running().truth().waitingSince();
                require(since.isPresent() == some, "what waits, waits since " + since);
            }
            case Step.ExpectConflict(var address) -> expectConflict(address);
            case Step.ExpectBound(String client, int times) -> {
                ClientId id = person(client).requests.id();
                long bound = running().truth().bindingsOf(id).stream()
                        .filter(binding -> binding.state() == BindingState.ACTIVE)
                        .count();
                require(bound == times, client + " is bound " + bound + " times");
            }
        }
    }

    private void reconfigure() {
        if (cluster != null) {
            cluster.operator().configure();
            cluster.queue().run(SETTLING);
        }
    }

    private void times(Duration offerHold, Duration quarantine) {
        CellTimers now = terrain.timers();
        terrain.timers(new CellTimers(
                now.mclt(),
                now.skew(),
                now.longestLease(),
                offerHold,
                quarantine,
                now.escrowTerm(),
                now.commitDeadline()));
    }

    private void expectMerged() {
        for (ServerId server : terrain.servers()) {
            int pending = running().pendingAt(server);
            require(pending == 0, server + " has " + pending + " promises in its journal that are not committed");
        }
    }

    private void expectConflict(@Nullable Ipv4 address) {
        List<Conflict> found = running().truth().conflicts();
        boolean fits = address == null
                ? found.isEmpty()
                : found.stream().anyMatch(conflict -> conflict.address().equals(address));
        require(fits, "on record are " + found);
    }

    /** The cluster, which starts at the first step that needs it. */
    private SimulatedCluster running() {
        SimulatedCluster now = cluster;
        if (now == null) {
            now = new SimulatedCluster(terrain, new Dice(1), trace, Conditions.FAIR, Tampering.NONE);
            cluster = now;
            now.start();
            now.queue().run(SETTLING);
        }
        return now;
    }

    private Person person(String name) {
        return people.computeIfAbsent(name, _ -> {
            HardwareAddress hardware =
                    HardwareAddress.ethernet(String.format("02:00:00:00:01:%02x", people.size() + 1));
            return new Person(new ClientRequests(hardware, Habits.PLAIN));
        });
    }

    private void act(Step.ClientActs acts) {
        Person person = person(acts.client());
        if (person.visitor == null) {
            person.visitor = running().visitor(acts.client(), person.requests.hardware(), person.requests.id());
        }
        Ipv4 known = acts.address() != null ? acts.address() : person.address;
        Ipv4 address = known == null ? Ipv4.UNSPECIFIED : known;
        xid++;
        ClientRequests requests = person.requests;
        Packet packet = switch (acts.act()) {
            case DISCOVERS -> requests.discover(xid, acts.address());
            case REQUESTS -> requests.select(xid, address, person.server);
            case RENEWS, REBINDS -> requests.extend(xid, address);
            case REBOOTS -> requests.initReboot(xid, address);
            case RELEASES -> requests.release(xid, address, person.server);
            case DECLINES -> requests.decline(xid, address, person.server);
        };
        boolean unicast = acts.act() == Step.Act.RENEWS || acts.act() == Step.Act.RELEASES;
        boolean answered = acts.act() != Step.Act.RELEASES && acts.act() != Step.Act.DECLINES;
        if (!answered) {
            person.visitor.givesUp(address);
        }
        Instant asked = running().queue().instant();
        Packet reply = person.visitor.ask(packet, acts.site(), unicast, answered ? PATIENCE : Duration.ofSeconds(3));
        heard(person, reply, asked);
        judge(acts.answer(), reply);
    }

    private static void heard(Person person, @Nullable Packet reply, Instant asked) {
        MessageType type = reply == null ? null : reply.messageType().orElse(null);
        if (reply == null || type == MessageType.NAK) {
            return;
        }
        person.address = reply.yiaddr();
        person.server = reply.options().ipv4(OptionCode.SERVER_ID).orElse(Terrain.SERVICE);
        if (type == MessageType.ACK && person.visitor != null) {
            person.visitor.takes(reply.yiaddr(), asked.plus(lease(reply)));
        }
    }

    private static Duration lease(Packet reply) {
        return Duration.ofSeconds(reply.options().u32(OptionCode.ADDRESS_TIME).orElse(0));
    }

    private static void judge(Step.Answer answer, @Nullable Packet reply) {
        boolean fits = switch (answer) {
            case Step.Answer.Offer(Ipv4 address) -> is(reply, MessageType.OFFER, address);
            case Step.Answer.Ack(Ipv4 address, var lease) ->
                is(reply, MessageType.ACK, address)
                        && (lease == null || (reply != null && isAbout(lease(reply), lease)));
            case Step.Answer.Nak() -> is(reply, MessageType.NAK, Ipv4.UNSPECIFIED);
            case Step.Answer.Silence() -> reply == null;
            case Step.Answer.Whatever() -> true;
        };
        require(fits, "heard " + (reply == null ? "nothing" : reply.toString()));
    }

    private static boolean isAbout(Duration told, Duration expected) {
        return told.minus(expected).abs().compareTo(LEASE_TOLERANCE) <= 0;
    }

    private static boolean is(@Nullable Packet reply, MessageType type, @Nullable Ipv4 address) {
        return reply != null
                && reply.messageType().orElse(null) == type
                && (address == null || reply.yiaddr().equals(address));
    }

    private void expect(Ipv4 address, BindingState state, @Nullable String client) {
        Binding binding = running().truth().binding(address).orElseGet(() -> Binding.neverUsed(address, 0));
        ClientId id = client == null ? null : person(client).requests.id();
        require(
                binding.state() == state && (id == null || binding.isOf(id)),
                address + " is " + binding.state() + " for " + binding.client());
    }

    private void expectExpiry(Ipv4 address, Duration left) {
        Instant end = running().truth().binding(address).map(Binding::end).orElse(Instant.EPOCH);
        Duration is = Duration.between(running().queue().instant(), end);
        require(is.minus(left).abs().compareTo(EXPIRY_TOLERANCE) <= 0, address + " expires in " + is);
    }

    private void expectAgreement() {
        LeaseDigest digest = running().truth().digest();
        for (ServerId server : terrain.servers()) {
            LeaseDigest own = running().log(server).table(Terrain.CELL).digest();
            require(own.equals(digest), server + " has digest " + own + ", the log " + digest);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
