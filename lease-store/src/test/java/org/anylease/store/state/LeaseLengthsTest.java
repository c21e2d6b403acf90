package org.anylease.store.state;

import static org.anylease.store.state.Cells.client;
import static org.anylease.store.state.Cells.network;
import static org.anylease.store.state.Cells.reservation;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.command.LeaseCommand.CommitLease;
import org.anylease.store.command.LeaseCommand.OfferAddress;
import org.anylease.store.command.Outcome;
import org.anylease.store.command.RequestKind;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.Pool;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Subnet;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.state.Cells.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long leases are where most addresses are in use, and for clients that speak BOOTP. */
class LeaseLengthsTest {
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(2));
    private static final Ipv4 TEN = Ipv4.parse("10.0.0.10");
    private static final Ipv4 BOOTP = Ipv4.parse("10.0.0.50");
    private static final Duration BOOTP_LEASE = Duration.ofHours(10);

    private final Driver cell = new Driver();

    /** Four addresses for DHCP, short from half of them on; two for BOOTP as well. */
    @BeforeEach
    void configure() {
        Pool dynamic = new Pool(
                AddressRange.parse("10.0.0.10-10.0.0.13"),
                ReplySettings.NONE,
                TIMES,
                PoolAccess.OPEN,
                50,
                LeaseTimes.INFINITE);
        Pool bootp = new Pool(
                AddressRange.parse("10.0.0.50-10.0.0.51"),
                ReplySettings.NONE,
                TIMES,
                new PoolAccess(List.of(), List.of(), true),
                0,
                BOOTP_LEASE);
        cell.configure(network(
                "lan",
                true,
                new Subnet(
                        Prefix.parse("10.0.0.0/24"),
                        List.of(dynamic, bootp),
                        List.of(reservation("10.0.0.5", client(5))),
                        ReplySettings.NONE,
                        TIMES)));
    }

    private Duration bind(LeaseClient client, Ipv4 address) {
        return cell.run(new CommitLease(client, "lan", address, RequestKind.SELECTING, null))
                        instanceof Outcome.Bound bound
                ? bound.leaseTime()
                : Duration.ZERO;
    }

    @Test
    void leasesAreShortOnceHalfOfTheAddressesAreInUse() {
        assertThat(bind(client(1), TEN)).isEqualTo(TIMES.standard());
        assertThat(bind(client(2), TEN.plus(1))).isEqualTo(TIMES.standard());
        assertThat(cell.table.leaseTime(client(3), "lan", TEN.plus(2), Duration.ofHours(2)))
                .contains(TIMES.minimum());
        assertThat(bind(client(3), TEN.plus(2))).isEqualTo(TIMES.minimum());
        assertThat(bind(client(5), Ipv4.parse("10.0.0.5"))).as("reserved").isGreaterThan(TIMES.minimum());
    }

    @Test
    void whoHoldsALongLeaseKeepsWhatIsLeftOfIt() {
        bind(client(1), TEN);
        bind(client(2), TEN.plus(1));
        cell.pass(Duration.ofMinutes(20));
        assertThat(bind(client(1), TEN)).isEqualTo(Duration.ofMinutes(40));
        cell.pass(Duration.ofMinutes(39).plusSeconds(30));
        assertThat(bind(client(1), TEN)).as("less is left").isEqualTo(TIMES.minimum());
    }

    @Test
    void whatIsHeldForAClientIsNotInUseForItself() {
        bind(client(1), TEN);
        Outcome offered = cell.run(new OfferAddress(client(2), "lan", TEN.plus(1), null));
        assertThat(offered).isEqualTo(new Outcome.Offered(TEN.plus(1), TIMES.standard(), false));
        assertThat(cell.table.leaseTime(client(3), "lan", TEN.plus(2), null))
                .as("but for others")
                .contains(TIMES.minimum());
        assertThat(bind(client(2), TEN.plus(1))).isEqualTo(TIMES.standard());
    }

    @Test
    void clientsThatSpeakBootpGetAddressesOfTheirPoolsForTheirTime() {
        LeaseClient bootp = client(7).speakingBootp();
        assertThat(cell.run(new OfferAddress(bootp, "lan", TEN, null)))
                .as("not the one that is not for them")
                .isEqualTo(new Outcome.Offered(BOOTP, BOOTP_LEASE, false));
        assertThat(bind(bootp, TEN)).isZero();
        assertThat(bind(bootp, BOOTP)).isEqualTo(BOOTP_LEASE);
        assertThat(bind(client(8), BOOTP.plus(1))).as("DHCP as well").isEqualTo(TIMES.standard());
        assertThat(cell.run(new OfferAddress(client(9).speakingBootp(), "lan", null, null)))
                .isEqualTo(new Outcome.NoAddress());
    }

    @Test
    void noSuchAddressHasNoTime() {
        assertThat(cell.table.leaseTime(client(1), "nowhere", TEN, null)).isEmpty();
        assertThat(cell.table.leaseTime(client(1), "lan", Ipv4.parse("10.9.0.1"), null))
                .isEmpty();
    }
}
