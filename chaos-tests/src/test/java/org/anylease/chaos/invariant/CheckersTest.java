package org.anylease.chaos.invariant;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.chaos.sim.Terrain;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.command.LeaseCommand;
import org.anylease.store.command.Outcome;
import org.anylease.store.config.CellConfig;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.ClientId;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.LeaseDigest;
import org.junit.jupiter.api.Test;

/** Checkers on facts made by hand, for what no simulation can bring about yet. */
class CheckersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Ipv4 ADDRESS = Ipv4.parse("10.0.0.1");
    private static final ServerId A = new ServerId("a");
    private static final Binding FREE = Binding.neverUsed(ADDRESS, 1);

    private static LeaseClient client(int number) {
        Octets hardware = Octets.of((byte) 1, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) number);
        return new LeaseClient(
                new ClientId(ClientId.Kind.HARDWARE, hardware), hardware, "", Octets.EMPTY, Ipv4.UNSPECIFIED);
    }

    private static Fact committed(long index, Instant time, Binding after) {
        return new Fact.Committed(
                new CellId("x"),
                new LogIndex(index),
                time,
                new LeaseDigest(index),
                List.of(new Fact.Move(null, after)),
                List.of(),
                List.of());
    }

    @Test
    void seesAnEscrowThatChangesOwner() {
        I3EscrowDisjoint checker = new I3EscrowDisjoint(SKEW);
        checker.on(committed(1, NOW, FREE.escrow(new LogIndex(1), A, NOW.plusSeconds(60))), NOW);
        Binding stolen = FREE.escrow(new LogIndex(2), new ServerId("b"), NOW.plusSeconds(60));
        assertThatThrownBy(() -> checker.on(committed(2, NOW, stolen), NOW)).isInstanceOf(InvariantBroken.class);
    }

    @Test
    void seesAnAddressThatGoesFromClientToClient() {
        I2NoEarlyReuse checker = new I2NoEarlyReuse(SKEW);
        checker.on(committed(1, NOW, bound(1)), NOW);
        assertThatThrownBy(() -> checker.on(committed(2, NOW, bound(2)), NOW)).isInstanceOf(InvariantBroken.class);
    }

    private static Binding bound(int client) {
        return FREE.bind(new LogIndex(1), client(client), NOW, NOW.plusSeconds(60), A, 0);
    }

    @Test
    void seesALeaseThatExpiresWithinTwiceTheSkew() {
        Binding expired = bound(1).expire(new LogIndex(2), NOW);
        I2NoEarlyReuse early = new I2NoEarlyReuse(SKEW);
        early.on(committed(1, NOW, bound(1)), NOW);
        assertThatThrownBy(() -> early.on(committed(2, NOW.plusSeconds(70), expired), NOW))
                .isInstanceOf(InvariantBroken.class);
        I2NoEarlyReuse late = new I2NoEarlyReuse(SKEW);
        late.on(committed(1, NOW, bound(1)), NOW);
        assertThatCode(() -> late.on(committed(2, NOW.plusSeconds(71), expired), NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void seesAnAddressThatIsFreeBeforeThoseWhoMayLeadItHaveReported() {
        Binding released = bound(1).release(new LogIndex(2), NOW.plusSeconds(600));
        Binding free = released.free(new LogIndex(3), 1);
        I2NoEarlyReuse checker = new I2NoEarlyReuse(SKEW);
        checker.on(configured(), NOW);
        checker.on(committed(2, NOW, bound(1)), NOW);
        checker.on(committed(3, NOW, released), NOW);
        assertThatThrownBy(() -> checker.on(committed(4, NOW, free), NOW)).isInstanceOf(InvariantBroken.class);

        I2NoEarlyReuse patient = new I2NoEarlyReuse(SKEW);
        patient.on(configured(), NOW);
        patient.on(committed(2, NOW, bound(1)), NOW);
        patient.on(committed(3, NOW, released), NOW);
        for (String server : List.of("a", "b", "c")) {
            patient.on(
                    new Fact.Reported(new ServerId(server), new CellId("x"), new LogIndex(3), new LogIndex(3), 0), NOW);
        }
        assertThatCode(() -> patient.on(committed(4, NOW, free), NOW)).doesNotThrowAnyException();
    }

    private static Fact configured() {
        CellConfig config = new Terrain(3).config(Terrain.CELL, 1);
        LeaseCommand command = new LeaseCommand.ApplyConfig(config, 0, "test", Octets.EMPTY);
        return new Fact.Committed(
                new CellId("x"),
                new LogIndex(1),
                NOW,
                new LeaseDigest(1),
                List.of(),
                List.of(),
                List.of(new Fact.Carried(A, command, new Outcome.Done(1))));
    }

    @Test
    void seesTwoHoldersButNotOneAfterTheOther() {
        I1NoDoublePromise checker = new I1NoDoublePromise();
        ClientId one = client(1).id();
        ClientId two = client(2).id();
        checker.on(new Fact.LeaseTaken(one, ADDRESS, NOW.plusSeconds(60)), NOW);
        assertThatThrownBy(
                        () -> checker.on(new Fact.LeaseTaken(two, ADDRESS, NOW.plusSeconds(90)), NOW.plusSeconds(59)))
                .isInstanceOf(InvariantBroken.class);
        assertThatCode(() -> checker.on(new Fact.LeaseTaken(two, ADDRESS, NOW.plusSeconds(90)), NOW.plusSeconds(60)))
                .doesNotThrowAnyException();
    }
}
