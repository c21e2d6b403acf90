package org.anylease.chaos.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.anylease.chaos.fault.Fault;
import org.anylease.chaos.invariant.PoolsForMembers;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Member;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * The sites, the networks and the operator's configuration of a simulated cluster, which has one cell or two.
 *
 * <p>Clients of {@code office} and {@code lab} come through relays, as do those of {@code annex} in the second cell; each
 * site has clients on a link of its own.
 */
public final class Terrain {
    /** Option 54 at every site. */
    public static final Ipv4 SERVICE = Ipv4.parse("10.255.0.1");

    /** The cell of {@code office}, {@code lab} and the links. */
    public static final CellId CELL = new CellId("campus");

    /** The cell of {@code annex}, where there are two. */
    public static final CellId ANNEX = new CellId("annex");

    /** The relay of the network {@code office}. */
    public static final Ipv4 OFFICE_RELAY = Ipv4.parse("10.1.0.1");

    /** The relay of the network {@code lab}, which has two subnets. */
    public static final Ipv4 LAB_RELAY = Ipv4.parse("10.2.0.1");

    /** The relay of the network {@code annex}. */
    public static final Ipv4 ANNEX_RELAY = Ipv4.parse("10.4.0.1");

    private static final int LAST_OCTET_MIN = 11;
    private static final Duration LEASE_MIN = Duration.ofSeconds(40);

    private final List<Site> sites = new ArrayList<>();
    private final TreeMap<Ipv4, ClientId> reservations = new TreeMap<>();
    private CellTimers timers = new CellTimers(
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofHours(2),
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            Duration.ofMinutes(30),
            CellTimers.COMMIT_DEADLINE);
    private Duration lease = Duration.ofMinutes(2);
    private Ipv4 officeFirst = Ipv4.parse("10.1.0.10");
    private Ipv4 officeLast = Ipv4.parse("10.1.0.25");
    private EscrowPolicy escrow = new EscrowPolicy(0, 0, Duration.ZERO);
    private final TreeSet<ServerId> outsiders = new TreeSet<>();
    private final List<OwnPool> restricted = new ArrayList<>();
    private final TreeMap<String, ClientClass> classes = new TreeMap<>();
    private boolean annex;
    private boolean probe = true;
    private boolean authoritative = true;

    /** A pool that not everybody may use. */
    private record OwnPool(AddressRange range, PoolAccess access) {}

    /**
     * Sites named a, b, c and so on.
     *
     * @param count how many
     */
    public Terrain(int count) {
        for (int i = 0; i < count; i++) {
            ServerId server = new ServerId(String.valueOf((char) ('a' + i)));
            sites.add(new Site(server, Ipv4.parse("10.254.0." + (i + 1)), Ipv4.parse("10.9." + (i + 1) + ".1")));
        }
    }

    /**
     * The sites.
     *
     * @return in order of name
     */
    public List<Site> sites() {
        return List.copyOf(sites);
    }

    /**
     * The servers.
     *
     * @return in order of name
     */
    public List<ServerId> servers() {
        return sites.stream().map(Site::server).toList();
    }

    /**
     * The cell's times.
     *
     * @return as they will be configured
     */
    public CellTimers timers() {
        return timers;
    }

    /**
     * Sets the cell's times.
     *
     * @param next the times
     */
    public void timers(CellTimers next) {
        timers = next;
    }

    /**
     * Sets how far a server may lead alone.
     *
     * @param mclt past the committed expiry
     */
    public void mclt(Duration mclt) {
        times(mclt, timers.longestLease(), timers.escrowTerm());
    }

    /**
     * Sets how long an escrowed address stays with its server.
     *
     * @param term from the last grant on
     */
    public void escrowTerm(Duration term) {
        times(timers.mclt(), timers.longestLease(), term);
    }

    /**
     * Sets the longest lease of all.
     *
     * @param longest no promise is longer
     */
    public void longestLease(Duration longest) {
        times(timers.mclt(), longest, timers.escrowTerm());
    }

    private void times(Duration mclt, Duration longest, Duration term) {
        timers = new CellTimers(
                mclt, timers.skew(), longest, timers.offerHold(), timers.quarantine(), term, timers.commitDeadline());
    }

    /**
     * Sets how much servers are given to give out alone.
     *
     * @param next the policy
     */
    public void escrow(EscrowPolicy next) {
        escrow = next;
    }

    /** Some pools of {@code office} are only for clients whose hardware address ends with an odd octet, or not for them. */
    public void withClasses() {
        String odd = IntStream.range(0, 128)
                .mapToObj(half -> String.format("0x%02x", 2 * half + 1))
                .collect(Collectors.joining(", "));
        classOf(PoolsForMembers.ODD, "suffix(hardware, 1) in [" + odd + "]", null, 0);
        Ipv4 first = Ipv4.parse("10.1.0.100");
        pool(new AddressRange(first, first.plus(2)), new PoolAccess(List.of(PoolsForMembers.ODD), List.of()));
        pool(new AddressRange(first.plus(10), first.plus(11)), new PoolAccess(List.of(), List.of(PoolsForMembers.ODD)));
    }

    /** Adds the second cell. */
    public void withAnnex() {
        annex = true;
    }

    /**
     * The cells.
     *
     * @return in order of name
     */
    public List<CellId> cells() {
        return annex ? List.of(ANNEX, CELL) : List.of(CELL);
    }

    /**
     * Which cell a network is of.
     *
     * @param network its name
     * @return the cell
     */
    public static CellId cellOf(String network) {
        return network.equals("annex") ? ANNEX : CELL;
    }

    /**
     * Sets how long leases are.
     *
     * @param next the standard lease
     */
    public void lease(Duration next) {
        lease = next;
    }

    /**
     * Sets the pool of the network {@code office}.
     *
     * @param first its first address
     * @param last its last address
     */
    public void office(Ipv4 first, Ipv4 last) {
        officeFirst = first;
        officeLast = last;
    }

    /**
     * Adds a pool to the network {@code office}, before the one that everybody may use.
     *
     * @param range its addresses
     * @param access who may use it
     */
    public void pool(AddressRange range, PoolAccess access) {
        restricted.add(new OwnPool(range, access));
    }

    /**
     * Sets who is a member of a class.
     *
     * @param name the class
     * @param members their hardware addresses
     * @param limit how many leases they may have, 0 for any number
     */
    public void clientClass(String name, List<HardwareAddress> members, int limit) {
        String any = members.stream()
                .map(member -> Octets.of(member.bytes()).toString())
                .collect(Collectors.joining(", "));
        classOf(name, any.isEmpty() ? "false" : "hardware.address in [" + any + "]", null, limit);
    }

    /**
     * Sets who is a member of a class.
     *
     * @param name the class
     * @param match a condition that members meet
     * @param key what leases are counted by, or null
     * @param limit how many leases there may be, 0 for any number
     */
    public void classOf(String name, String match, @Nullable String key, int limit) {
        classes.put(
                name,
                new ClientClass(name, match, key, key != null, limit, List.of(), ReplySettings.NONE, ClassTimes.NONE));
    }

    /**
     * Sets how clients are treated.
     *
     * @param probes whether addresses are probed before they are offered
     * @param naks whether clients with an address of another network are told so
     */
    public void policy(boolean probes, boolean naks) {
        probe = probes;
        authoritative = naks;
    }

    /**
     * Keeps an address of {@code office} for a client.
     *
     * @param address the address
     * @param client the client
     */
    public void reserve(Ipv4 address, ClientId client) {
        reservations.put(address, client);
    }

    /**
     * Keeps an address for nobody any more.
     *
     * @param address the address
     */
    public void unreserve(Ipv4 address) {
        reservations.remove(address);
    }

    /**
     * Changes something.
     *
     * @param change what
     * @param client for whom an address is kept, where one is
     */
    public void change(Fault.ConfigChange.Change change, ClientId client) {
        int last = officeLast.bits() & 0xff;
        switch (change) {
            case POOL_GROWS -> officeLast = officeLast.plus(4);
            case POOL_SHRINKS -> officeLast = last - 4 >= LAST_OCTET_MIN ? officeLast.plus(-4) : officeLast;
            case RESERVATION_ADDED -> {
                reservations.values().removeIf(client::equals);
                reservations.put(officeFirst.plus(reservations.size()), client);
            }
            case RESERVATION_REMOVED -> reservations.pollFirstEntry();
            case LEASES_SHORTENED -> lease = Duration.ofSeconds(Math.max(40, lease.toSeconds() / 2));
            case LEASES_LENGTHENED -> lease = Duration.ofSeconds(Math.min(600, lease.toSeconds() * 2));
            case LEAD_SHORTENED -> {
                Duration half = timers.longestLease().dividedBy(2);
                times(
                        timers.mclt().dividedBy(2),
                        half.compareTo(LEASE_MIN) < 0 ? LEASE_MIN : half,
                        timers.escrowTerm());
            }
            case LEAD_LENGTHENED -> times(timers.mclt().plusSeconds(45), timers.longestLease(), timers.escrowTerm());
            case MEMBERS_CHANGED -> {
                ServerId newest = sites.getLast().server();
                if (!outsiders.remove(newest)) {
                    outsiders.add(newest);
                }
            }
        }
    }

    /** All servers are members again. */
    void everybodyIsMember() {
        outsiders.clear();
    }

    /**
     * The configuration of a cell that the operator's file now holds.
     *
     * @param cell the cell
     * @param version its version
     * @return the cell's slice
     */
    public CellConfig config(CellId cell, long version) {
        List<Member> members = sites.stream()
                .filter(site -> !outsiders.contains(site.server()))
                .map(site -> new Member(site.server(), new SiteId(site.server().name()), List.of(site.own())))
                .toList();
        List<SharedNetwork> networks = cell.equals(ANNEX)
                ? List.of(network(
                        "annex", subnet("10.4.0.0/24", Ipv4.parse("10.4.0.10"), Ipv4.parse("10.4.0.29"), List.of())))
                : campus();
        return new CellConfig(
                cell,
                version,
                SERVICE,
                List.of(),
                members,
                timers,
                ReplySettings.NONE,
                networks,
                escrow,
                List.copyOf(classes.values()));
    }

    private List<SharedNetwork> campus() {
        List<SharedNetwork> networks = new ArrayList<>();
        List<Reservation> kept = new ArrayList<>();
        reservations.forEach((address, client) ->
                kept.add(new Reservation(address, client, null, ReplySettings.NONE, leaseTimes())));
        Subnet office = subnet("10.1.0.0/24", officeFirst, officeLast, kept);
        List<Pool> pools = new ArrayList<>();
        restricted.forEach(pool -> pools.add(new Pool(pool.range, ReplySettings.NONE, leaseTimes(), pool.access)));
        pools.addAll(office.pools());
        networks.add(network(
                "office",
                new Subnet(office.prefix(), pools, office.reservations(), office.settings(), office.leaseTimes())));
        networks.add(network(
                "lab",
                subnet("10.2.0.0/24", Ipv4.parse("10.2.0.10"), Ipv4.parse("10.2.0.12"), List.of()),
                subnet("10.3.0.0/24", Ipv4.parse("10.3.0.10"), Ipv4.parse("10.3.0.13"), List.of())));
        for (Site site : sites) {
            Ipv4 link = site.linkAddress();
            networks.add(network(
                    "link-" + site.server(),
                    subnet(new Prefix(link.plus(-1), 24).toString(), link.plus(9), link.plus(12), List.of())));
        }
        return networks;
    }

    private LeaseTimes leaseTimes() {
        return new LeaseTimes(Duration.ofSeconds(20), lease, Duration.ofHours(24));
    }

    private Subnet subnet(String prefix, Ipv4 first, Ipv4 last, List<Reservation> kept) {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(1, Octets.of((byte) 255, (byte) 255, (byte) 255, (byte) 0));
        Pool pool = new Pool(new AddressRange(first, last), ReplySettings.NONE, leaseTimes());
        return new Subnet(
                Prefix.parse(prefix), List.of(pool), kept, new ReplySettings(options, null, null, null), leaseTimes());
    }

    private SharedNetwork network(String name, Subnet... subnets) {
        NetworkPolicy policy = new NetworkPolicy(
                authoritative,
                NetworkPolicy.Identity.CLIENT_IDENTIFIER,
                probe,
                Duration.ofMillis(500),
                NetworkPolicy.Unprobed.OFFER);
        return new SharedNetwork(name, List.of(subnets), ReplySettings.NONE, policy);
    }
}
