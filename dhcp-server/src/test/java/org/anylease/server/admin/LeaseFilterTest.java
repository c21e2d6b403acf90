package org.anylease.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.Member;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.anylease.store.lease.Offer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Filters against a predicate that is written as plainly as can be. */
final class LeaseFilterTest {
    private static final List<Member> SERVERS = List.of(
            new Member(new ServerId("a1"), new SiteId("dc1"), List.of()),
            new Member(new ServerId("b1"), new SiteId("dc2"), List.of()));

    @Test
    void agreesWithANaivePredicate() {
        int matched = 0;
        for (long seed = 1; seed <= 20_000; seed++) {
            Random random = new Random(seed);
            Binding binding = binding(random);
            Map<String, List<String>> query = query(random);
            LeaseFilter filter = LeaseFilter.parse(query, SERVERS, MemoryCluster.NOW);
            boolean expected = naive(query, binding);
            assertThat(filter.matches(binding))
                    .as("seed %d: %s on %s", seed, query, binding)
                    .isEqualTo(expected);
            if (expected) {
                matched++;
                assertThat(filter.lowest()).as("seed %d", seed).isLessThanOrEqualTo(binding.address());
                assertThat(filter.highest()).as("seed %d", seed).isGreaterThanOrEqualTo(binding.address());
            }
        }
        // A test that never sees a match proves nothing.
        assertThat(matched).isGreaterThan(2_000);
    }

    private static Binding binding(Random random) {
        BindingState state = List.of(BindingState.values()).get(random.nextInt(BindingState.values().length));
        boolean held = state == BindingState.ACTIVE || state == BindingState.RELEASED || random.nextBoolean();
        Instant end = MemoryCluster.NOW.plusSeconds(random.nextInt(-300, 600));
        Offer offer = random.nextInt(4) == 0 ? new Offer(client(random), end, new ServerId("b1")) : null;
        return Leases.binding(
                "10.0." + random.nextInt(2) + "." + random.nextInt(4),
                state,
                held ? client(random) : null,
                end,
                random.nextBoolean() ? "a1" : "b1",
                offer);
    }

    private static LeaseClient client(Random random) {
        return Leases.client(
                "02:00:00:00:00:0" + random.nextInt(4),
                "ff:0" + random.nextInt(4),
                random.nextBoolean() ? "Printer" : "laptop",
                random.nextBoolean() ? "10.9.0.1" : "0.0.0.0");
    }

    private static Map<String, List<String>> query(Random random) {
        Map<String, List<String>> query = new TreeMap<>();
        while (query.isEmpty() || random.nextInt(3) == 0) {
            switch (random.nextInt(8)) {
                case 0 -> query.put("mac", List.of(random.nextBoolean() ? "00:0" + random.nextInt(4) : "02"));
                case 1 -> query.put("hostname", List.of("PRI"));
                case 2 -> query.put("state", List.of(random.nextBoolean() ? "active" : "free,released"));
                case 3 -> query.put("site", List.of("dc" + random.nextInt(1, 3)));
                case 4 -> query.put("expiring", List.of("2m"));
                case 5 -> query.put("subnet", List.of("10.0." + random.nextInt(2) + ".0/24"));
                case 6 -> query.put("client", List.of("ff0" + random.nextInt(4)));
                default -> query.put("address", List.of("10.0.1.0-10.0.1.1", "0.0.2"));
            }
        }
        return query;
    }

    private static boolean naive(Map<String, List<String>> query, Binding binding) {
        LeaseClient client = client(binding);
        String address = binding.address().toString();
        boolean matches = true;
        for (String name : query.keySet()) {
            String value = query.get(name).getFirst();
            matches &= switch (name) {
                case "mac" ->
                    client != null && client.hardware().toString().substring(3).contains(value);
                case "hostname" -> client != null && client.hostname().equals("Printer");
                case "state" ->
                    List.of(value.split(",", -1))
                            .contains(binding.state().name().toLowerCase(Locale.ROOT));
                case "site" -> new ServerId(value.equals("dc1") ? "a1" : "b1").equals(binding.server());
                case "expiring" ->
                    binding.state() == BindingState.ACTIVE
                            && binding.end().getEpochSecond() <= MemoryCluster.NOW.getEpochSecond() + 120;
                case "subnet" -> address.startsWith(value.replace("0/24", ""));
                case "client" ->
                    client != null && client.id().toString().replace(":", "").endsWith(value);
                default -> address.equals("10.0.1.0") || address.equals("10.0.1.1") || address.contains("0.0.2");
            };
        }
        boolean nobodys = binding.state() == BindingState.FREE || binding.state() == BindingState.ESCROWED;
        boolean shown = query.containsKey("state") || !nobodys || binding.offer() != null;
        return matches && shown;
    }

    private static @Nullable LeaseClient client(Binding binding) {
        return binding.offer() != null && binding.state() != BindingState.ACTIVE
                ? binding.offer().client()
                : binding.client();
    }

    @Test
    void leavesOutWhatIsSetAsideForServersUnlessItIsAskedFor() {
        Binding escrowed = Binding.neverUsed(Ipv4.parse("10.0.1.7"), 1)
                .escrow(new LogIndex(1), new ServerId("a1"), MemoryCluster.NOW);
        LeaseFilter usual = LeaseFilter.parse(new TreeMap<>(), SERVERS, MemoryCluster.NOW);
        LeaseFilter asked =
                LeaseFilter.parse(new TreeMap<>(Map.of("state", List.of("escrowed"))), SERVERS, MemoryCluster.NOW);
        assertThat(usual.matches(escrowed)).isFalse();
        assertThat(asked.matches(escrowed)).isTrue();
    }

    @Test
    void startsAndStopsAtTheEndsOfWhatIsAskedFor() {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("subnet", List.of("10.0.1.0/24", "10.0.3.0/24"));
        LeaseFilter filter = LeaseFilter.parse(query, SERVERS, MemoryCluster.NOW);
        assertThat(filter.lowest()).isEqualTo(Ipv4.parse("10.0.1.0"));
        assertThat(filter.highest()).isEqualTo(Ipv4.parse("10.0.3.255"));
    }
}
