package org.anylease.store.state;

import static org.anylease.store.state.Cells.DC2;
import static org.anylease.store.state.Cells.HOUR;
import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.anylease.store.alone.AlonePromise;
import org.anylease.store.alone.AloneRules;
import org.anylease.store.alone.PromiseJournal;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.Outcome.Refused.Reason;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.RuntimeReservation;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.Test;

/** What classes of clients may have: which pools, how many addresses, for how long. */
class ClassRulesTest {
    private static final Octets PORT_1 = Octets.parseHex("0001");
    private static final Octets PORT_2 = Octets.parseHex("0002");

    private final Driver cell = new Driver();
    private long version;

    private void configure(List<Pool> pools, List<ClientClass> classes, Reservation... reservations) {
        Subnet subnet = new Subnet(Prefix.parse("10.0.0.0/24"), pools, List.of(reservations), ReplySettings.NONE, HOUR);
        CellConfig plain = Cells.config(++version, Cells.network("lan", true, subnet));
        CellConfig config = new CellConfig(
                plain.cell(),
                version,
                plain.serverIdentifier(),
                plain.aliases(),
                plain.members(),
                plain.timers(),
                plain.settings(),
                plain.networks(),
                EscrowPolicy.STANDARD,
                classes);
        Outcome outcome =
                cell.run(new LeaseCommand.ApplyConfig(config, version - 1, "operator", Octets.of((byte) version)));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }

    private static Pool pool(String range, List<String> allow, List<String> deny) {
        return new Pool(AddressRange.parse(range), ReplySettings.NONE, HOUR, new PoolAccess(allow, deny));
    }

    private static ClientClass limited(String name, int limit, ClientClass.Member... members) {
        return new ClientClass(
                name, null, "relay.circuit-id", true, limit, List.of(members), ReplySettings.NONE, ClassTimes.NONE);
    }

    private static LeaseClient in(int number, String name, Octets value) {
        return client(number).in(List.of(new ClassMembership(name, value)));
    }

    private static LeaseClient phone(int number) {
        return in(number, "phones", Octets.EMPTY);
    }

    private Optional<String> offer(LeaseClient client, String wanted) {
        Outcome outcome = cell.run(
                new LeaseCommand.OfferAddress(client, "lan", wanted.isEmpty() ? null : Ipv4.parse(wanted), null));
        Optional<Ipv4> foreseen = cell.table.wouldOffer(client, "lan", null, _ -> false);
        if (outcome instanceof Outcome.Offered(var address, var _, var _)) {
            assertThat(foreseen).as("a repeat would get the same").contains(address);
            return Optional.of(address.toString());
        }
        assertThat(outcome).isEqualTo(new Outcome.NoAddress());
        assertThat(foreseen).isEmpty();
        return Optional.empty();
    }

    private Outcome commit(LeaseClient client, String address, RequestKind kind) {
        return cell.run(new LeaseCommand.CommitLease(client, "lan", Ipv4.parse(address), kind, null));
    }

    private void bind(LeaseClient client, String address) {
        assertThat(commit(client, address, RequestKind.SELECTING)).isInstanceOf(Outcome.Bound.class);
    }

    private void expireAll() {
        cell.pass(Duration.ofHours(13));
        cell.run(new LeaseCommand.ExpireDue(100, cell.table.appliedIndex()));
        cell.run(new LeaseCommand.ExpireDue(100, cell.table.appliedIndex()));
    }

    @Test
    void givesEachClientAnAddressOfThePoolsThatItMayUse() {
        configure(
                List.of(
                        pool("10.0.0.10-10.0.0.11", List.of("phones"), List.of()),
                        pool("10.0.0.20-10.0.0.21", List.of(), List.of("phones")),
                        pool("10.0.0.30-10.0.0.30", List.of("phones"), List.of())),
                List.of());

        assertThat(offer(client(1), "")).contains("10.0.0.20");
        assertThat(offer(phone(2), "")).contains("10.0.0.10");
        assertThat(offer(phone(3), "10.0.0.21"))
                .as("not what it wants, which is not for it")
                .contains("10.0.0.11");
        assertThat(offer(phone(4), ""))
                .as("the third pool is for the same clients")
                .contains("10.0.0.30");
        assertThat(offer(phone(5), "")).isEmpty();
        assertThat(offer(client(6), "10.0.0.21")).contains("10.0.0.21");
        assertThat(commit(client(7), "10.0.0.10", RequestKind.SELECTING))
                .as("taken, which is told first")
                .isEqualTo(new Outcome.Refused(Reason.TAKEN));
    }

    @Test
    void takesTheAddressThatWasIdleLongestOfTheFirstPoolForIt() {
        configure(
                List.of(
                        pool("10.0.0.10-10.0.0.10", List.of(), List.of("phones")),
                        pool("10.0.0.20-10.0.0.21", List.of(), List.of())),
                List.of());
        bind(client(1), "10.0.0.10");
        bind(client(2), "10.0.0.20");
        bind(client(3), "10.0.0.21");
        expireAll();

        assertThat(offer(phone(8), "")).contains("10.0.0.20");
        assertThat(offer(client(9), "")).contains("10.0.0.10");
        assertThat(offer(client(10), "")).contains("10.0.0.21");
    }

    @Test
    void knowsWhomAnAddressIsReservedFor() {
        configure(
                List.of(
                        pool("10.0.0.10-10.0.0.11", List.of("known"), List.of()),
                        pool("10.0.0.20-10.0.0.21", List.of("unknown", "phones"), List.of()),
                        pool("10.0.0.30-10.0.0.30", List.of("all"), List.of("known", "unknown"))),
                List.of(),
                reservation("10.0.0.5", client(1)));

        assertThat(offer(client(1), "")).contains("10.0.0.5");
        assertThat(offer(client(2), "")).contains("10.0.0.20");
        // Another client has the reserved address, from before it was reserved: the dynamic ones are open to its owner.
        configure(List.of(pool("10.0.0.7-10.0.0.7", List.of(), List.of())), List.of());
        bind(client(2), "10.0.0.7");
        configure(
                List.of(
                        pool("10.0.0.20-10.0.0.21", List.of("unknown"), List.of()),
                        pool("10.0.0.10-10.0.0.11", List.of("known"), List.of())),
                List.of(),
                reservation("10.0.0.7", client(1)));
        assertThat(offer(client(1), "")).contains("10.0.0.10");
    }

    @Test
    void leavesAClientWhatItHoldsButExtendsNothingThatIsNotForItAnyMore() {
        configure(List.of(pool("10.0.0.10-10.0.0.11", List.of("phones"), List.of())), List.of());
        bind(phone(1), "10.0.0.10");
        cell.pass(Duration.ofMinutes(20));

        assertThat(commit(client(1), "10.0.0.10", RequestKind.RENEWING))
                .as("it is no phone any more")
                .isInstanceOfSatisfying(
                        Outcome.Bound.class,
                        left -> assertThat(left.leaseTime()).isEqualTo(Duration.ofMinutes(40)));
        cell.pass(Duration.ofMinutes(40));
        assertThat(commit(client(1), "10.0.0.10", RequestKind.RENEWING))
                .isEqualTo(new Outcome.Refused(Reason.NOT_LEASABLE));
        assertThat(commit(phone(1), "10.0.0.10", RequestKind.RENEWING)).isInstanceOf(Outcome.Bound.class);
        assertThat(commit(client(2), "10.0.0.11", RequestKind.SELECTING))
                .isEqualTo(new Outcome.Refused(Reason.NOT_LEASABLE));
    }

    @Test
    void countsLeasesAndOffersForEachValueOfAClass() {
        configure(
                List.of(pool("10.0.0.10-10.0.0.40", List.of(), List.of())),
                List.of(limited("per-port", 2, new ClientClass.Member(PORT_2, 1, ReplySettings.NONE))));
        bind(in(1, "per-port", PORT_1), "10.0.0.10");
        assertThat(offer(in(2, "per-port", PORT_1), "")).isPresent();

        assertThat(offer(in(3, "per-port", PORT_1), ""))
                .as("a lease and an offer are two")
                .isEmpty();
        assertThat(commit(in(3, "per-port", PORT_1), "10.0.0.20", RequestKind.SELECTING))
                .isEqualTo(new Outcome.Refused(Reason.CLASS_FULL));
        assertThat(offer(in(4, "per-port", PORT_2), "")).as("another port").isPresent();
        assertThat(offer(in(5, "per-port", PORT_2), ""))
                .as("whose own limit is 1")
                .isEmpty();
        assertThat(offer(client(6), "")).as("of no class").isPresent();
        assertThat(offer(in(1, "per-port", PORT_1), "")).as("what it holds").contains("10.0.0.10");
        assertThat(commit(in(1, "per-port", PORT_1), "10.0.0.10", RequestKind.RENEWING))
                .isInstanceOf(Outcome.Bound.class);
        assertThat(commit(in(2, "per-port", PORT_1), "10.0.0.11", RequestKind.SELECTING))
                .as("what it was offered")
                .isInstanceOf(Outcome.Bound.class);

        cell.run(new LeaseCommand.ReleaseLease(
                client(1).id(),
                Ipv4.parse("10.0.0.10"),
                cell.table.binding(Ipv4.parse("10.0.0.10")).orElseThrow().index()));
        assertThat(offer(in(3, "per-port", PORT_1), ""))
                .as("one was given back")
                .isPresent();
    }

    @Test
    void aLapsedOfferIsInNobodysWayForLong() {
        configure(List.of(pool("10.0.0.10-10.0.0.40", List.of(), List.of())), List.of(limited("per-port", 1)));
        assertThat(offer(in(1, "per-port", PORT_1), "")).isPresent();
        cell.pass(Duration.ofMinutes(2));
        assertThat(offer(in(1, "per-port", PORT_1), "")).as("its own never is").isPresent();
        cell.pass(Duration.ofMinutes(2));
        cell.run(new LeaseCommand.ExpireDue(100, LogIndex.NONE));
        assertThat(offer(in(2, "per-port", PORT_1), "")).isPresent();
    }

    @Test
    void countsTheSameAfterARestart() throws Exception {
        configure(
                List.of(pool("10.0.0.10-10.0.0.40", List.of("per-port"), List.of())), List.of(limited("per-port", 2)));
        bind(in(1, "per-port", PORT_1), "10.0.0.10");
        offer(in(2, "per-port", PORT_1), "");
        Cells.Stored stored = new Cells.Stored();
        stored.take(cell.table.takeChanges());

        LeaseTable restored = LeaseTable.restore(Cells.CELL, stored.all());

        assertThat(restored.digest()).isEqualTo(cell.table.digest());
        assertThat(restored.wouldOffer(in(3, "per-port", PORT_1), "lan", null, _ -> false))
                .isEmpty();
        assertThat(restored.wouldOffer(in(3, "per-port", PORT_2), "lan", null, _ -> false))
                .isPresent();
    }

    @Test
    void classesHoldAlsoForAddressesKeptAtRunTime() {
        ClassTimes brief = new ClassTimes(null, Duration.ofMinutes(10), Duration.ofMinutes(30));
        configure(
                List.of(pool("10.0.0.10-10.0.0.40", List.of(), List.of())),
                List.of(times("short", brief), limited("per-port", 1)));
        cell.run(new LeaseCommand.ReserveAddresses(
                List.of(new RuntimeReservation(Ipv4.parse("10.0.0.7"), client(7).id(), null, "operator", cell.now)),
                false));

        assertThat(time(in(7, "short", Octets.EMPTY))).isEqualTo(Duration.ofMinutes(10));
        assertThat(cell.table.binding(Ipv4.parse("10.0.0.7")))
                .hasValueSatisfying(
                        kept -> assertThat(kept.isOf(client(7).id())).isTrue());
        bind(in(1, "per-port", PORT_1), "10.0.0.10");
        assertThat(offer(in(2, "per-port", PORT_1), "")).isEmpty();
    }

    @Test
    void leaseTimesAreThoseOfTheReservationOrElseOfTheFirstClassThatSaysSomething() {
        LeaseTimes day = new LeaseTimes(Duration.ofHours(2), Duration.ofHours(10), Duration.ofHours(11));
        ClassTimes brief = new ClassTimes(null, Duration.ofMinutes(10), Duration.ofMinutes(30));
        ClassTimes longer = new ClassTimes(Duration.ofHours(3), null, null);
        Reservation own = reservation("10.0.0.5", client(5));
        Reservation plain = reservation("10.0.0.6", client(6));
        configure(
                List.of(new Pool(AddressRange.parse("10.0.0.10-10.0.0.40"), ReplySettings.NONE, day)),
                List.of(times("plain", ClassTimes.NONE), times("short", brief), times("longer", longer)),
                own,
                new Reservation(plain.address(), plain.key(), null, plain.settings(), plain.leaseTimes(), false));

        assertThat(time(client(1))).isEqualTo(Duration.ofHours(10));
        assertThat(time(in(2, "short", Octets.EMPTY))).isEqualTo(Duration.ofMinutes(10));
        assertThat(time(in(3, "plain", Octets.EMPTY))).isEqualTo(Duration.ofHours(10));
        assertThat(time(in(5, "short", Octets.EMPTY))).as("the reservation's").isEqualTo(Duration.ofHours(1));
        assertThat(time(in(6, "short", Octets.EMPTY)))
                .as("it says nothing itself")
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(time(client(4)
                        .in(List.of(
                                new ClassMembership("plain", Octets.EMPTY),
                                new ClassMembership("longer", Octets.EMPTY),
                                new ClassMembership("short", Octets.EMPTY)))))
                .as("the first one that says something")
                .isEqualTo(Duration.ofHours(10));
        assertThat(brief.over(day))
                .isEqualTo(new LeaseTimes(Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofMinutes(30)));
        assertThat(longer.over(HOUR))
                .isEqualTo(new LeaseTimes(Duration.ofHours(3), Duration.ofHours(3), Duration.ofHours(8)));
    }

    private static ClientClass times(String name, ClassTimes times) {
        return new ClientClass(name, "true", null, false, 0, List.of(), ReplySettings.NONE, times);
    }

    private Duration time(LeaseClient client) {
        Outcome outcome = cell.run(new LeaseCommand.OfferAddress(client, "lan", null, null));
        Outcome.Offered offered = (Outcome.Offered) outcome;
        Outcome.Bound bound = (Outcome.Bound) commit(client, offered.address().toString(), RequestKind.SELECTING);
        assertThat(bound.leaseTime()).isEqualTo(offered.leaseTime());
        return bound.leaseTime();
    }

    @Test
    void aServerAlonePromisesWhatTheClassMayHaveOutOfEachPoolsEscrow() {
        configure(
                List.of(
                        pool("10.0.0.10-10.0.0.33", List.of("per-port"), List.of()),
                        pool("10.0.0.40-10.0.0.63", List.of(), List.of("per-port"))),
                List.of(limited("per-port", 1)));
        PromiseJournal journal = new PromiseJournal();
        journal.append(LogIndex.NONE, List.of(rules(journal).birth().orElseThrow()));
        cell.run(new LeaseCommand.GrantEscrow(DC2.server(), "lan", 6));

        assertThat(cell.table.escrowOf(DC2.server(), "lan"))
                .as("as many of one pool as of the other")
                .containsExactlyInAnyOrderElementsOf(
                        addresses("10.0.0.10", "10.0.0.11", "10.0.0.12", "10.0.0.40", "10.0.0.41", "10.0.0.42"));
        cell.run(new LeaseCommand.GrantEscrow(DC2.server(), "lan", 1000));
        assertThat(cell.table.escrowCount("lan")).as("a sixth of each pool").isEqualTo(8);
        assertThat(cell.table.idleCount("lan")).isEqualTo(40);

        AlonePromise first = promise(journal, in(1, "per-port", PORT_1)).orElseThrow();
        assertThat(first.address()).isEqualTo(Ipv4.parse("10.0.0.10"));
        assertThat(promise(journal, client(2)).orElseThrow().address()).isEqualTo(Ipv4.parse("10.0.0.40"));
        assertThat(promise(journal, in(3, "per-port", PORT_1)))
                .as("full, by its own journal")
                .isEmpty();
        assertThat(promise(journal, in(4, "per-port", PORT_2))).isPresent();
        assertThat(promise(journal, in(1, "per-port", PORT_1)))
                .as("its own again")
                .isPresent();
        assertThat(rules(journal).lease(client(7), "lan", Ipv4.parse("10.0.0.12"), null))
                .as("an address that is not for it")
                .isEmpty();
    }

    private AloneRules rules(PromiseJournal journal) {
        return new AloneRules(DC2.server(), cell.table, journal, cell.now);
    }

    private Optional<AlonePromise> promise(PromiseJournal journal, LeaseClient client) {
        Optional<AlonePromise> promise = rules(journal).offer(client, "lan", null, _ -> false);
        promise.ifPresent(made ->
                assertThat(journal.append(made.basedOn(), made.records())).isTrue());
        return promise;
    }

    private static List<Ipv4> addresses(String... texts) {
        List<Ipv4> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(Ipv4.parse(text));
        }
        return addresses;
    }
}
