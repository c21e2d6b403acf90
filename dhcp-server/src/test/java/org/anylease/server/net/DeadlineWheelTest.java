package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
    private static final class Item extends DeadlineWheel.Entry {
        private final long deadline;

        Item(long deadline) {
            this.deadline = deadline;
        }
    }

    @Test
    void firesNeverEarlyAndAtMostATickLateWhateverIsCancelled() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long tick = random.nextLong(1, 50);
            DeadlineWheel<Item> wheel = new DeadlineWheel<>(tick, random.nextInt(1, 20), 1_000);
            List<Item> pending = new ArrayList<>();
            long now = 1_000;
            for (int step = 0; step < 300; step++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    Item item = new Item(now + random.nextLong(0, 2_000));
                    wheel.schedule(item, item.deadline);
                    pending.add(item);
                }
                if (!pending.isEmpty() && random.nextInt(3) == 0) {
                    wheel.cancel(pending.remove(random.nextInt(pending.size())));
                }
                now += random.nextInt(20) == 0 ? 5_000 : random.nextLong(0, 60);
                long at = now;
                wheel.expire(now, item -> {
                    assertThat(item.deadline).isLessThanOrEqualTo(at);
                    assertThat(pending.remove(item)).isTrue();
                });
                assertThat(pending).allSatisfy(item -> assertThat(item.deadline).isGreaterThan(at - 2 * tick));
                assertThat(wheel.size()).isEqualTo(pending.size());
            }
        }
    }

    @Test
    void firesInOrderOfDeadline() {
        DeadlineWheel<Item> wheel = new DeadlineWheel<>(10, 8, 0);
        TreeMap<Long, Item> items = new TreeMap<>();
        for (long deadline : new long[] {500, 10, 70, 90, 20, 200}) {
            items.put(deadline, new Item(deadline));
            wheel.schedule(items.get(deadline), deadline);
        }
        List<Item> fired = new ArrayList<>();
        for (long now = 0; now <= 500; now += 10) {
            wheel.expire(now, fired::add);
        }
        assertThat(fired).containsExactlyElementsOf(items.values());
    }

    @Test
    void theReceiverMayCancelAndSchedule() {
        DeadlineWheel<Item> wheel = new DeadlineWheel<>(10, 4, 0);
        Item first = new Item(10);
        Item second = new Item(10);
        wheel.schedule(first, 10);
        wheel.schedule(second, 10);
        List<Item> fired = new ArrayList<>();
        wheel.expire(15, item -> {
            fired.add(item);
            wheel.cancel(second);
            wheel.schedule(first, 40);
        });
        assertThat(fired).containsExactly(first);
        wheel.expire(45, fired::add);
        assertThat(fired).containsExactly(first, first);
        assertThat(wheel.size()).isZero();
    }
}
