package org.anylease.store.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.anylease.store.state.Cells;
import org.junit.jupiter.api.Test;

/** In which order idle addresses come, and at what price: counted in questions to the records. */
final class IdleQueueTest {
    private static final int MANY = 10_000;

    private final Records records = new Records();

    /** Addresses and since when they are idle; a negative number says that they are not. */
    private static final class Records implements IdleRecords {
        private final TreeMap<Integer, Long> idleSince = new TreeMap<>();
        private int asked;

        @Override
        public boolean hasRecord(int address) {
            asked++;
            return idleSince.containsKey(address);
        }

        @Override
        public boolean isIdleSince(int address, long idleSequence) {
            asked++;
            return idleSince.getOrDefault(address, -1L) == idleSequence;
        }

        void use(Ipv4 address) {
            idleSince.put(address.bits(), -1L);
        }
    }

    private static NetworkPlan plan(List<String> pools, Reservation... reservations) {
        Subnet subnet = Cells.subnet("10.0.0.0/8", pools, reservations);
        SharedNetwork network = Cells.network("n", true, subnet);
        return Objects.requireNonNull(new AddressPlan(Cells.config(1, network)).network("n"));
    }

    /** Pools of two addresses each. */
    private static List<String> pools(int count) {
        List<String> pools = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Ipv4 first = Ipv4.parse("10.1.0.0").plus(i * 4);
            pools.add(first + "-" + first.plus(1));
        }
        return pools;
    }

    private static Ipv4 next(IdleQueue queue, Set<Ipv4> taken) {
        Ipv4 next = queue.next(taken::contains);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void goesPoolByPoolAndThenByHowLongAnAddressIsIdle() {
        IdleQueue queue = new IdleQueue(plan(List.of("10.2.0.0-10.2.0.1", "10.1.0.0-10.1.0.1")), 0, records);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Ipv4 next = next(queue, new TreeSet<>());
            order.add(next.toString());
            records.use(next);
        }
        assertThat(order).containsExactly("10.2.0.0", "10.2.0.1", "10.1.0.0", "10.1.0.1");
        assertThat(queue.next(_ -> false)).isNull();
        Ipv4 back = Ipv4.parse("10.1.0.1");
        records.idleSince.put(back.bits(), 7L);
        queue.add(back.bits(), 7);
        assertThat(queue.next(_ -> false)).isEqualTo(back);
    }

    @Test
    void returnsToAnAddressThatIsNoLongerTaken() {
        IdleQueue queue = new IdleQueue(plan(pools(3)), 0, records);
        TreeSet<Ipv4> taken = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            taken.add(next(queue, taken));
        }
        assertThat(taken).hasSize(6);
        assertThat(queue.next(taken::contains)).isNull();
        Ipv4 first = taken.removeFirst();
        assertThat(queue.next(taken::contains)).isEqualTo(first);
    }

    @Test
    void costsNoMoreWithManyPoolsThanWithFew() {
        IdleQueue queue = new IdleQueue(plan(pools(MANY)), 0, records);
        for (int i = 0; i < 2 * MANY; i++) {
            records.use(next(queue, new TreeSet<>()));
        }
        assertThat(records.asked).as("while pools are used up").isLessThan(10 * MANY);
        records.asked = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(queue.next(_ -> false)).isNull();
        }
        assertThat(records.asked).as("when all are used up").isLessThan(10);
    }

    @Test
    void costsNoMoreWhenManyAddressesAreTaken() {
        IdleQueue queue = new IdleQueue(plan(pools(MANY)), 0, records);
        TreeSet<Ipv4> taken = new TreeSet<>();
        for (int i = 0; i < 2 * MANY; i++) {
            taken.add(next(queue, taken));
        }
        assertThat(taken).hasSize(2 * MANY);
        assertThat(records.asked).isLessThan(20 * MANY);
    }

    @Test
    void staysAsItIsWhenOnlyReservationsChange() {
        List<String> pool = List.of("10.1.0.0-10.1.255.255");
        IdleQueue queue = new IdleQueue(plan(pool), 0, records);
        for (int i = 0; i < 1 << 16; i++) {
            Ipv4 address = Ipv4.parse("10.1.0.0").plus(i);
            records.idleSince.put(address.bits(), (long) i);
            queue.add(address.bits(), i);
        }
        assertThat(queue.next(_ -> false)).isEqualTo(Ipv4.parse("10.1.0.0"));
        records.asked = 0;
        NetworkPlan reserving = plan(pool, Cells.reservation("10.1.0.0", Cells.client(1)));
        IdleQueue kept = Objects.requireNonNull(queue.under(reserving));
        assertThat(kept.next(_ -> false)).isEqualTo(Ipv4.parse("10.1.0.1"));
        assertThat(records.asked).isLessThan(10);

        IdleQueue again = Objects.requireNonNull(kept.under(plan(pool)));
        records.idleSince.put(Ipv4.parse("10.1.0.0").bits(), 99_999L);
        again.add(Ipv4.parse("10.1.0.0").bits(), 99_999);
        assertThat(again.next(_ -> false)).isEqualTo(Ipv4.parse("10.1.0.1"));
        assertThat(again.under(plan(List.of("10.1.0.0-10.1.255.254")))).isNull();
    }
}
