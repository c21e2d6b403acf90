package org.anylease.chaos.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.anylease.chaos.client.ClientPort;
import org.anylease.chaos.client.Habits;
import org.anylease.chaos.client.SimulatedClient;
import org.anylease.chaos.invariant.Fact;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.Incarnation;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.ClientId;
import org.anylease.store.replication.LeaseLog;
import org.anylease.store.state.LeaseTable;
import org.jspecify.annotations.Nullable;

/**
 * A simulated cluster with its clients. It does nothing by chance but what {@link Conditions} say; a
 * {@link Simulation} or a scenario has it do things.
 */
public final class SimulatedCluster {
    private static final int XIDS_KEPT = 4_096;

    private final World world;
    private final Words words;
    private final Operator operator;
    private final Terrain terrain;
    private final Watch watch;
    private final SimulatedNetwork network;
    private final TreeMap<CellId, SimulatedRaft> rafts = new TreeMap<>();
    private final TreeMap<ServerId, SimulatedServer> servers = new TreeMap<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final LinkedHashMap<String, Resident> residents = new LinkedHashMap<>();
    private final LinkedHashMap<String, Instant> asked = new LinkedHashMap<>();
    private final TreeSet<Ipv4> squatted = new TreeSet<>();
    private long acks;

    /** Who a hardware address belongs to, and where it asks for an address. */
    private record Resident(ClientId id, Access access) {}

    /**
     * Builds the servers; {@link #start} lets them run.
     *
     * @param terrain the sites and their configuration
     * @param dice all chance
     * @param trace hears what happens
     * @param conditions the weather
     * @param tampering what is broken on purpose
     */
    public SimulatedCluster(Terrain terrain, Dice dice, Trace trace, Conditions conditions, Tampering tampering) {
        this.terrain = terrain;
        watch = new Watch(Terrain.SERVICE, terrain.timers().skew());
        world = new World(dice, trace, conditions, tampering, watch);
        words = new Words(world, servers);
        network = new SimulatedNetwork(world, terrain.servers(), Terrain.SERVICE);
        for (CellId cell : terrain.cells()) {
            rafts.put(
                    cell,
                    new SimulatedRaft(cell, terrain.servers(), terrain.timers().skew(), world));
        }
        operator = new Operator(this, rafts.keySet());
        RandomGenerator random = dice.fork("disks");
        for (Site site : terrain.sites()) {
            ServerDisk disk = new ServerDisk(
                    new Incarnation(site.server(), random.nextLong()),
                    new SimulatedJournal(site.server(), world),
                    tampering);
            servers.put(site.server(), new SimulatedServer(site, disk, world, this));
        }
    }

    /** Starts all servers, and takes the terrain's configuration into force. */
    public void start() {
        servers.values().forEach(SimulatedServer::start);
        operator.configure();
    }

    /**
     * Who configures the cluster and vouches for servers.
     *
     * @return the operator
     */
    public Operator operator() {
        return operator;
    }

    /** What servers say to each other. */
    Words words() {
        return words;
    }

    World world() {
        return world;
    }

    SimulatedNetwork network() {
        return network;
    }

    SortedMap<CellId, SimulatedRaft> rafts() {
        return rafts;
    }

    Duration skew() {
        return terrain.timers().skew();
    }

    private SimulatedRaft raft() {
        return raft(Terrain.CELL);
    }

    private SimulatedRaft raft(CellId cell) {
        SimulatedRaft raft = rafts.get(cell);
        if (raft == null) {
            throw new IllegalArgumentException("there is no cell " + cell);
        }
        return raft;
    }

    long appliedAt(ServerId server) {
        return raft().replica(server).applied().value();
    }

    /** How far a server has applied a cell's log. */
    LogIndex appliedAt(CellId cell, ServerId server) {
        return raft(cell).replica(server).applied();
    }

    /**
     * What a server's disk says of what it promised alone and the cell has not committed.
     *
     * @param server the server
     * @return how many promises
     */
    public int pendingAt(ServerId server) {
        int pending = 0;
        for (CellId cell : rafts.keySet()) {
            pending += server(server).disk().journal().load(cell).pendingCount();
        }
        return pending;
    }

    /**
     * Virtual time.
     *
     * @return the one queue
     */
    public EventQueue queue() {
        return world.queue();
    }

    /**
     * The sites and their configuration.
     *
     * @return the operator's file, so to say
     */
    public Terrain terrain() {
        return terrain;
    }

    /**
     * The state that the whole log gives.
     *
     * @return a copy that never lags
     */
    public LeaseTable truth() {
        return truth(Terrain.CELL);
    }

    /**
     * The state that the whole log of a cell gives.
     *
     * @param cell the cell
     * @return a copy that never lags
     */
    public LeaseTable truth(CellId cell) {
        return raft(cell).witness().table();
    }

    /**
     * Who leads.
     *
     * @return the leader, or null while there is none
     */
    public @Nullable ServerId leader() {
        return raft().leader();
    }

    /**
     * The log as a server's core sees it.
     *
     * @param server a server that runs
     * @return its log
     */
    public LeaseLog log(ServerId server) {
        return server(server).log();
    }

    SimulatedServer server(ServerId id) {
        SimulatedServer server = servers.get(id);
        if (server == null) {
            throw new IllegalArgumentException("there is no server " + id);
        }
        return server;
    }

    /**
     * Stops a server in the middle of whatever it does.
     *
     * @param server which
     */
    public void crash(ServerId server) {
        server(server).crash();
    }

    /**
     * Starts a server that is down.
     *
     * @param server which
     */
    public void restart(ServerId server) {
        if (!server(server).isUp()) {
            server(server).start();
        }
    }

    /** Ends all that is wrong between servers, and with them. */
    public void heal() {
        world.links().heal();
        for (SimulatedServer server : servers.values()) {
            server.disk().journal().full(false);
            server.disk().journal().slow(Duration.ZERO);
            restart(server.id());
        }
    }

    /** Moves leadership away. */
    public void changeLeader() {
        raft().elect(raft().leader());
    }

    /**
     * Somebody uses an address without asking.
     *
     * @param address the address
     */
    public void squat(Ipv4 address) {
        squatted.add(address);
    }

    /** Whether anybody answers for an address. */
    boolean answersPing(Ipv4 address) {
        if (squatted.contains(address)) {
            return true;
        }
        for (SimulatedClient client : clients) {
            if (address.equals(client.uses())) {
                return true;
            }
        }
        return false;
    }

    /** Adds a client that lives by itself. */
    SimulatedClient addClient(String name, HardwareAddress hardware, Habits habits, Access access) {
        Port port = new Port(name, access);
        SimulatedClient client = new SimulatedClient(
                name, hardware, habits, port, queue(), queue(), world.dice().fork("client " + name));
        clients.add(client);
        settle(access, client.id(), client::received);
        return client;
    }

    /** Lets somebody at a place send and hear. */
    void settle(Access access, ClientId id, Consumer<Packet> received) {
        residents.put(access.hardware().toString(), new Resident(id, access));
        network.attach(access, received);
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    /** A client is about to send. */
    void sending(Packet packet) {
        asked.putIfAbsent(key(packet, packet.messageType().orElse(MessageType.TLS)), queue().instant());
        if (asked.size() > XIDS_KEPT) {
            asked.pollFirstEntry();
        }
    }

    private static String key(Packet packet, MessageType type) {
        return packet.hardware() + " " + packet.xid() + " " + type;
    }

    /** A server has replied. */
    void replied(ServerId server, Packet reply) {
        boolean lease = reply.messageType().orElse(null) == MessageType.ACK
                && reply.options().has(OptionCode.ADDRESS_TIME);
        Resident resident = residents.get(reply.hardware().toString());
        Instant requested = asked.get(key(reply, MessageType.REQUEST));
        if (lease && resident != null && requested != null) {
            acks++;
            Duration time = Duration.ofSeconds(
                    reply.options().u32(OptionCode.ADDRESS_TIME).orElse(0));
            world.facts().accept(new Fact.AckSent(server, resident.id, reply.yiaddr(), requested, time));
        }
    }

    /**
     * How many ACKs of leases the servers have sent.
     *
     * @return the number
     */
    public long acks() {
        return acks;
    }

    void taken(String who, ClientId client, Ipv4 address, Instant until) {
        world.trace().line(who, "takes " + address + " until " + Duration.between(EventQueue.START, until));
        world.facts().accept(new Fact.LeaseTaken(client, address, until));
    }

    void givenUp(ClientId client, Ipv4 address) {
        world.facts().accept(new Fact.LeaseGivenUp(client, address));
    }

    /** The world as one client sees it. */
    private final class Port implements ClientPort {
        private final String name;
        private final Access access;

        Port(String name, Access access) {
            this.name = name;
            this.access = access;
        }

        @Override
        public void broadcast(Packet packet) {
            sending(packet);
            world.trace().line(name, "broadcasts " + Tale.of(packet));
            network.broadcast(access, packet);
        }

        @Override
        public void unicast(Packet packet) {
            sending(packet);
            world.trace().line(name, "sends " + Tale.of(packet));
            network.unicast(access, packet);
        }

        @Override
        public boolean inUse(Ipv4 address) {
            return squatted.contains(address);
        }

        @Override
        public void taken(ClientId client, Ipv4 address, Instant until) {
            SimulatedCluster.this.taken(name, client, address, until);
        }

        @Override
        public void givenUp(ClientId client, Ipv4 address) {
            SimulatedCluster.this.givenUp(client, address);
        }

        @Override
        public void tell(String what) {
            world.trace().line(name, what);
        }
    }

    /**
     * Somebody without a will of his own, on the network {@code office}.
     *
     * @param name what the trace calls him
     * @param hardware his Ethernet address
     * @param id his identity
     * @return one who sends what he is told
     */
    public Visitor visitor(String name, HardwareAddress hardware, ClientId id) {
        return new Visitor(this, name, new Access(hardware, Terrain.OFFICE_RELAY, null), id);
    }

    /**
     * Cuts some servers off from the others.
     *
     * @param some the servers
     */
    public void cut(List<ServerId> some) {
        world.links().partition(List.of(some));
    }

    SortedMap<ServerId, SimulatedServer> servers() {
        return servers;
    }

    Watch watch() {
        return watch;
    }

    /** Where a client is that lives by itself. */
    @Nullable
    Access accessOf(SimulatedClient client) {
        Resident resident = residents.get(client.hardware().toString());
        return resident == null ? null : resident.access;
    }

    /** What happened how often. */
    SortedMap<String, Long> counts() {
        return world.counts();
    }
}
