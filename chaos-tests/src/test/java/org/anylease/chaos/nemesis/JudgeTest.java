package org.anylease.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.tools.fleet.History;
import org.junit.jupiter.api.Test;

/** The judge is fed with histories that are broken on purpose, each beside the sound one that it differs from. */
class JudgeTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ADDRESS = "10.78.1.7";

    private final History history = new History(true);
    private final TreeMap<String, Listing.Lease> leases = new TreeMap<>();

    private void acked(int client, int at, int lease) {
        acked(client, at, at, lease);
    }

    private void acked(int client, int requested, int at, int lease) {
        history.add(new History.Acked(
                T.plusSeconds(at),
                client,
                mac(client),
                ADDRESS,
                T.plusSeconds(requested),
                Duration.ofSeconds(lease),
                "site1",
                Duration.ZERO));
    }

    private static String mac(int client) {
        return "02:0a:00:00:00:0" + client;
    }

    private void listed(String state, int client, int end) {
        leases.put(ADDRESS, new Listing.Lease(state, mac(client), T.plusSeconds(end)));
    }

    private Listing listing(int site, String digest) {
        return new Listing("site" + site, T.plusSeconds(100), digest, leases);
    }

    private List<String> violations() {
        return Judge.violations(history, List.of(listing(1, "d"), listing(2, "d"), listing(3, "d")));
    }

    @Test
    void soundHistoryHasNoViolations() {
        acked(1, 0, 10);
        acked(1, 5, 10);
        history.add(new History.Released(T.plusSeconds(8), 1, ADDRESS));
        acked(2, 9, 10);
        acked(3, 20, 10);
        listed("active", 3, 30);
        assertThat(violations()).isEmpty();
    }

    @Test
    void addressAckedToTwoClientsAtOneTimeIsSeen() {
        acked(1, 0, 10);
        acked(2, 9, 10);
        listed("active", 2, 19);
        assertThat(violations()).singleElement().asString().startsWith("I1 NoDoublePromise: " + ADDRESS);
    }

    /** The first lease ends 10 s after its REQUEST, and not after its ACK, which took 4 s. */
    @Test
    void leaseIsCountedFromItsRequest() {
        acked(1, 0, 4, 10);
        acked(2, 11, 10);
        listed("active", 2, 21);
        assertThat(violations()).isEmpty();
    }

    @Test
    void extensionThatWasHandedOutTwiceIsSeenThoughTheFirstLeaseHadEnded() {
        acked(1, 0, 10);
        acked(1, 8, 10);
        acked(2, 15, 10);
        listed("active", 2, 25);
        assertThat(violations()).singleElement().asString().contains("I1 NoDoublePromise", "client 1 held it");
    }

    @Test
    void ackThatNoListKnowsIsLost() {
        acked(1, 0, 200);
        assertThat(violations())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("I5 NothingAckedIsLost", "does not list it"));
    }

    @Test
    void ackThatOneSiteDoesNotKnowIsLost() {
        acked(1, 0, 200);
        listed("active", 1, 200);
        List<Listing> listings = new ArrayList<>(List.of(listing(1, "d"), listing(2, "d")));
        leases.clear();
        listings.add(listing(3, "d"));
        assertThat(Judge.violations(history, listings))
                .singleElement()
                .asString()
                .contains("I5 NothingAckedIsLost", "site3 does not list it");
    }

    @Test
    void ackWhoseAddressIsListedForAnotherIsLost() {
        acked(1, 0, 200);
        listed("active", 2, 200);
        assertThat(violations()).hasSize(3).allSatisfy(line -> assertThat(line).contains("active of '" + mac(2)));
    }

    @Test
    void extensionThatTheListDoesNotKnowIsLost() {
        acked(1, 0, 100);
        acked(1, 50, 100);
        listed("active", 1, 100);
        assertThat(violations()).hasSize(3).allSatisfy(line -> assertThat(line).contains("lists it as active until"));
    }

    @Test
    void runningLeaseOfAnAddressListedAsFreeIsLostAndOneThatRanOutIsNot() {
        acked(1, 0, 101);
        leases.put(ADDRESS, new Listing.Lease("free", mac(1), Instant.MIN));
        assertThat(violations()).hasSize(3).allSatisfy(line -> assertThat(line).contains("lists it as free"));
        acked(1, 1, 98);
        assertThat(violations()).isEmpty();
    }

    /** The cell hands an address whose promise ran out to a server as escrow, and then it is nobody's. */
    @Test
    void runningLeaseOfAnAddressListedAsEscrowedIsLostAndOneThatRanOutIsNot() {
        acked(1, 0, 101);
        leases.put(ADDRESS, new Listing.Lease("escrowed", "", Instant.MIN));
        assertThat(violations()).hasSize(3).allSatisfy(line -> assertThat(line).contains("lists it as escrowed"));
        acked(1, 1, 98);
        assertThat(violations()).isEmpty();
    }

    @Test
    void leaseGivenBackOrRefusedIsNotLost() {
        acked(1, 0, 200);
        history.add(new History.Released(T.plusSeconds(8), 1, ADDRESS));
        acked(2, 9, 200);
        history.add(new History.Naked(T.plusSeconds(10), 2, ADDRESS, "site1"));
        assertThat(violations()).isEmpty();
    }

    @Test
    void copiesThatDifferAreSeen() {
        assertThat(Judge.violations(history, List.of(listing(1, "d"), listing(2, "e"), listing(3, "d"))))
                .singleElement()
                .asString()
                .startsWith("I4 ReplicasAgree: site2");
    }

    private void packet(int client, int at, String kind) {
        boolean sent = kind.equals("DISCOVER") || kind.equals("REQUEST") || kind.equals("RELEASE");
        history.add(new History.Packet(T.plusSeconds(at), client, sent, kind, ADDRESS, 1, "site1"));
    }

    private Duration silence() {
        return Judge.longestSilence(history.packets(), T, T.plusSeconds(20));
    }

    @Test
    void silenceIsFromTheFirstUnansweredPacketToTheNextAnswer() {
        packet(1, 1, "DISCOVER");
        packet(2, 2, "REQUEST");
        packet(2, 3, "ACK");
        packet(1, 4, "DISCOVER");
        packet(1, 8, "OFFER");
        packet(1, 9, "RELEASE");
        assertThat(silence()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void clientThatIsNeverAnsweredHearsSilenceToTheEnd() {
        packet(1, 1, "DISCOVER");
        packet(1, 4, "DISCOVER");
        assertThat(silence()).isEqualTo(Duration.ofSeconds(19));
    }
}
