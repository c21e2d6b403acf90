package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.anylease.server.port.ProbeResult;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server on 10.1.0.1/16 whose default route is a router, in another namespace, that answers for all of 10.50.0.0/16,
 * rejects 10.66.0.0/16, swallows 10.67.0.0/16 and would send 10.68.0.0/16 on. On another link it has 10.2.0.1/24, beside the
 * anycast address; a neighbour there knows no gateway. Once with a ping socket, once with a raw one.
 */
@ParameterizedClass(name = "ping sockets permitted: {0}")
@ValueSource(booleans = {true, false})
class IcmpProbeTest {
    private static final Ipv4 SERVER = Ipv4.parse("10.1.0.1");
    private static final Ipv4 ROUTER = Ipv4.parse("10.1.0.2");
    private static final Ipv4 NEIGHBOUR = Ipv4.parse("10.2.0.9");
    private static final Ipv4 SHARED = Ipv4.parse("10.2.0.67");
    private static final int BURST = 2_000;

    private static Namespace server;
    private static Namespace router;
    private static Namespace neighbour;

    @Parameter
    private boolean pingSocket;

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private EventLoop loop;
    private IcmpProbe probe;

    private record Finished(Ipv4 address, ProbeResult result) {}

    @BeforeAll
    static void build() throws Exception {
        server = Namespace.create("s");
        router = Namespace.create("r");
        server.link("s0", router, "r0");
        server.ip("addr add " + SERVER + "/16 dev s0");
        router.ip("addr add " + ROUTER + "/16 dev r0");
        server.ip("route add default via " + ROUTER);
        server.ip("route add unreachable 10.99.0.0/16");
        router.sysctl("net/ipv4/ip_forward", "1");
        router.ip("route add local 10.50.0.0/16 dev lo");
        router.ip("route add unreachable 10.66.0.0/16");
        router.ip("route add blackhole 10.67.0.0/16");
        router.ip("route add 10.68.0.0/16 via " + SERVER);
        neighbour = Namespace.create("n");
        server.link("s1", neighbour, "n0");
        server.ip("addr add " + SHARED + "/24 dev s1");
        server.ip("addr add 10.2.0.1/24 dev s1");
        neighbour.ip("addr add " + NEIGHBOUR + "/24 dev n0");
    }

    @AfterAll
    static void remove() throws Exception {
        for (Namespace each : new Namespace[] {server, router, neighbour}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        server.sysctl("net/ipv4/ping_group_range", pingSocket ? "0 2147483647" : "1 0");
        loop = EventLoop.start("probe-test", failures::add);
        probe = open(ProbeLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        probe.close();
        loop.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void choosesThePingSocketWhereItMay() throws Exception {
        ProbeAvailability way = server.call(() -> IcmpProbe.availability(SERVER));
        assertThat(way)
                .isInstanceOf(pingSocket ? ProbeAvailability.PingSocket.class : ProbeAvailability.RawSocket.class);
        ProbeAvailability none = server.call(() -> IcmpProbe.availability(Ipv4.parse("203.0.113.9")));
        assertThat(none)
                .isInstanceOfSatisfying(
                        ProbeAvailability.None.class,
                        it -> assertThat(it.remedy()).contains("unicast address"));
        assertThatThrownBy(() -> server.call(() -> IcmpProbe.open(
                        loop,
                        new ProbeSource(Ipv4.parse("203.0.113.9"), Set.of()),
                        InterfaceTable.read(),
                        ProbeLimits.DEFAULT,
                        new SplittableRandom(1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("203.0.113.9");
    }

    @Test
    void anAnsweringAddressIsAnswered() throws Exception {
        for (Ipv4 address : List.of(ROUTER, Ipv4.parse("10.50.1.2"), SERVER)) {
            assertThat(probe(address, 2_000))
                    .isInstanceOfSatisfying(
                            ProbeResult.Answered.class,
                            answer ->
                                    assertThat(answer.roundTrip()).isPositive().isLessThan(Duration.ofSeconds(2)));
        }
    }

    @Test
    void aNeighbourWithoutAGatewayIsAnsweredSinceTheEchoLeavesFromTheAddressOnItsLink() throws Exception {
        assertThat(probe(NEIGHBOUR, 2_000)).isInstanceOf(ProbeResult.Answered.class);
        try (IcmpProbe blind = server.call(() -> open(new InterfaceTable(List.of()), ProbeLimits.DEFAULT))) {
            assertThat(all(blind, List.of(NEIGHBOUR), 300).getFirst().result())
                    .as("it has no way back to the configured address")
                    .isEqualTo(new ProbeResult.Silent());
        }
    }

    @Test
    void anAddressThatTheInterfaceHasLostIsALocalErrorUntilTheProbeHearsOfIt() throws Exception {
        Ipv4 target = Ipv4.parse("10.50.1.2");
        InterfaceTable outdated = new InterfaceTable(List.of(new InterfaceTable.Link(
                "gone0", 99, true, true, "", 1500, List.of(new InterfaceTable.Prefix(Ipv4.parse("10.50.0.1"), 16)))));
        try (IcmpProbe informed = server.call(() -> open(outdated, ProbeLimits.DEFAULT))) {
            assertThat(all(informed, List.of(target), 2_000).getFirst().result())
                    .isInstanceOf(ProbeResult.LocalError.class);
            InterfaceTable now = server.call(InterfaceTable::read);
            loop.execute(() -> informed.interfacesChanged(now));
            assertThat(all(informed, List.of(target), 2_000).getFirst().result())
                    .isInstanceOf(ProbeResult.Answered.class);
        }
    }

    @Test
    void anEchoThatRunsOutOfHopsSaysNothingOfTheAddress() throws Exception {
        server.sysctl("net/ipv4/ip_default_ttl", "1");
        try {
            assertThat(probe(Ipv4.parse("10.68.0.1"), 2_000))
                    .isEqualTo(new ProbeResult.Unreachable(ROUTER, ProbeResult.Unreachable.NETWORK));
        } finally {
            server.sysctl("net/ipv4/ip_default_ttl", "64");
        }
    }

    @Test
    void aDeadAddressOnLinkIsSilentUntilTheKernelGivesUpOnArp() throws Exception {
        assertThat(probe(Ipv4.parse("10.1.7.1"), 500)).isEqualTo(new ProbeResult.Silent());
        long before = System.nanoTime();
        assertThat(probe(Ipv4.parse("10.1.7.2"), 6_000))
                .isInstanceOfSatisfying(ProbeResult.Unreachable.class, result -> {
                    assertThat(result.hostAbsent()).isTrue();
                    assertThat(result.reporter()).isEqualTo(SERVER);
                });
        System.out.println("ARP failure reported after " + (System.nanoTime() - before) / 1_000_000 + " ms");
    }

    @Test
    void aRoutersRefusalIsUnreachableAndABlackHoleSilent() throws Exception {
        assertThat(probe(Ipv4.parse("10.66.0.1"), 2_000)).isEqualTo(new ProbeResult.Unreachable(ROUTER, 1));
        assertThat(probe(Ipv4.parse("10.67.0.1"), 100)).isEqualTo(new ProbeResult.Silent());
    }

    @Test
    void whatThisMachineCannotSendIsALocalError() throws Exception {
        assertThat(probe(Ipv4.parse("10.99.0.1"), 1_000))
                .isInstanceOfSatisfying(
                        ProbeResult.LocalError.class,
                        error -> assertThat(error.reason()).contains("EHOSTUNREACH"));
        assertThat(probe(Ipv4.BROADCAST, 1_000)).isInstanceOf(ProbeResult.LocalError.class);
    }

    @Test
    void anErrorOfOneProbeIsNotTakenForAnothers() throws Exception {
        List<Ipv4> mixed = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            mixed.add(Ipv4.parse("10.66.0.1").plus(i));
            mixed.add(Ipv4.parse("10.50.0.1").plus(i));
        }
        for (Finished each : all(probe, mixed, 2_000)) {
            boolean answering = each.address().toString().startsWith("10.50.");
            // The router limits its errors, so some of the rejected stay silent.
            assertThat(each.result() instanceof ProbeResult.Answered)
                    .as(each.toString())
                    .isEqualTo(answering);
            assertThat(each.result()).isNotInstanceOf(ProbeResult.LocalError.class);
        }
    }

    @Test
    void twoThousandAtOnceAreAllAnswered() throws Exception {
        long before = System.nanoTime();
        List<Finished> results = all(probe, range("10.50.8.0"), 5_000);
        System.out.println(BURST + " answered in " + (System.nanoTime() - before) / 1_000 + " us, " + probe.counters());
        assertThat(results).allSatisfy(each -> assertThat(each.result()).isInstanceOf(ProbeResult.Answered.class));
    }

    @Test
    void twoThousandAtOnceAreAllSilent() throws Exception {
        List<Finished> results = all(probe, range("10.67.8.0"), 300);
        assertThat(results).allSatisfy(each -> assertThat(each.result()).isEqualTo(new ProbeResult.Silent()));
        assertThat(probe.counters().sent()).isEqualTo(BURST);
    }

    @Test
    void twoThousandDeadOnLinkArePacedAndNeverReadAsSilentUnlessSent() throws Exception {
        List<Finished> results = all(probe, range("10.1.128.0"), 500);
        long sent = probe.counters().sent();
        long silent = results.stream()
                .filter(each -> each.result() instanceof ProbeResult.Silent)
                .count();
        long local = results.stream()
                .filter(each -> each.result() instanceof ProbeResult.LocalError)
                .count();
        System.out.println("dead on link: " + probe.counters());
        assertThat(sent).isEqualTo(ProbeLimits.DEFAULT.onLinkMax());
        assertThat(silent).isEqualTo(sent);
        assertThat(local).isEqualTo(BURST - sent);
        // Pacing leaves the neighbour table room for those that do answer, off link.
        assertThat(probe(Ipv4.parse("10.50.0.9"), 2_000)).isInstanceOf(ProbeResult.Answered.class);
    }

    @Test
    void boundsWhatIsOutstanding() throws Exception {
        try (IcmpProbe narrow = open(new ProbeLimits(10, 5))) {
            List<Finished> results = all(narrow, range("10.67.0.0").subList(0, 12), 200);
            assertThat(results.stream().filter(each -> each.result() instanceof ProbeResult.LocalError))
                    .hasSize(2);
            assertThat(results.stream().filter(each -> each.result() instanceof ProbeResult.Silent))
                    .hasSize(10);
        }
    }

    @Test
    void twoProcessesProbingTheSameAddressDoNotHearEachOther() throws Exception {
        try (IcmpProbe other = open(ProbeLimits.DEFAULT)) {
            List<Ipv4> addresses = range("10.50.0.0").subList(0, 500);
            assertThat(all(probe, addresses, 2_000)).hasSize(500);
            assertThat(all(other, addresses, 2_000)).hasSize(500);
            assertThat(other.counters().answered()).isEqualTo(500);
            assertThat(probe.counters().answered()).isEqualTo(500);
            assertThat(probe.counters().foreign()).isZero();
        }
    }

    @Test
    void afterClosingNothingIsHeard() throws Exception {
        LinkedBlockingQueue<Finished> heard = new LinkedBlockingQueue<>();
        loop.execute(() -> probe.probe(
                ROUTER, Duration.ofMillis(200), (address, result) -> heard.add(new Finished(address, result))));
        probe.close();
        probe.close();
        assertThat(heard.poll(300, TimeUnit.MILLISECONDS))
                .satisfiesAnyOf(
                        it -> assertThat(it).isNull(),
                        it -> assertThat(it.result()).isInstanceOf(ProbeResult.Answered.class));
    }

    private IcmpProbe open(ProbeLimits limits) throws Exception {
        return server.call(() -> open(InterfaceTable.read(), limits));
    }

    private IcmpProbe open(InterfaceTable interfaces, ProbeLimits limits) throws Exception {
        return IcmpProbe.open(
                loop, new ProbeSource(SERVER, Set.of(SHARED)), interfaces, limits, new SplittableRandom());
    }

    private ProbeResult probe(Ipv4 address, int timeoutMillis) throws Exception {
        return all(probe, List.of(address), timeoutMillis).getFirst().result();
    }

    /** Probes all addresses in one turn of the loop and awaits exactly one result each. */
    private List<Finished> all(IcmpProbe by, List<Ipv4> addresses, int timeoutMillis) throws Exception {
        LinkedBlockingQueue<Finished> finished = new LinkedBlockingQueue<>();
        loop.execute(() -> {
            for (Ipv4 each : addresses) {
                by.probe(each, Duration.ofMillis(timeoutMillis), (address, result) -> {
                    loop.assertInLoop();
                    finished.add(new Finished(address, result));
                });
            }
            assertThat(finished).isEmpty();
        });
        List<Finished> results = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            Finished next = finished.poll(2L * timeoutMillis + 2_000, TimeUnit.MILLISECONDS);
            assertThat(next).as("result " + i + " of " + addresses.size()).isNotNull();
            results.add(next);
        }
        assertThat(finished).isEmpty();
        assertThat(results.stream().map(Finished::address)).containsExactlyInAnyOrderElementsOf(addresses);
        return results;
    }

    private static List<Ipv4> range(String first) {
        return IntStream.range(0, BURST)
                .mapToObj(i -> Ipv4.parse(first).plus(i + 1))
                .toList();
    }
}
