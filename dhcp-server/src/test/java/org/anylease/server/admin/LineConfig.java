package org.anylease.server.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.anylease.server.config.LeaseCount;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;

/** A configuration language of one kind of line: {@code cell prefix first-last seconds}. */
public final class LineConfig implements ConfigCompiler {
    @Override
    public Compiled compile(String name, String text, long version) {
        List<Problem> problems = new ArrayList<>();
        TreeMap<CellId, List<SharedNetwork>> cells = new TreeMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                String[] words = line.split(" ", -1);
                cells.computeIfAbsent(new CellId(words[0]), c -> new ArrayList<>())
                        .add(network(words));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                problems.add(new Problem(
                        true, number, 1, "line", String.valueOf(e.getMessage()), "cell prefix first-last seconds"));
            }
        }
        if (!problems.isEmpty()) {
            return new Compiled(List.of(), problems);
        }
        return new Compiled(
                cells.entrySet().stream()
                        .map(entry -> cell(entry.getKey(), version, entry.getValue()))
                        .toList(),
                List.of());
    }

    private static SharedNetwork network(String[] words) {
        LeaseTimes times = new LeaseTimes(
                Duration.ofSeconds(60),
                Duration.ofSeconds(Long.parseLong(words[3])),
                Duration.ofSeconds(Long.parseLong(words[3])));
        Pool pool = new Pool(AddressRange.parse(words[2]), ReplySettings.NONE, times);
        Subnet subnet = new Subnet(Prefix.parse(words[1]), List.of(pool), List.of(), ReplySettings.NONE, times);
        NetworkPolicy policy = new NetworkPolicy(
                true,
                NetworkPolicy.Identity.CLIENT_IDENTIFIER,
                true,
                Duration.ofMillis(500),
                NetworkPolicy.Unprobed.OFFER);
        return new SharedNetwork(words[1], List.of(subnet), ReplySettings.NONE, policy);
    }

    /** A cell's configuration. */
    public static CellConfig cell(CellId cell, long version, List<SharedNetwork> networks) {
        CellTimers timers = new CellTimers(
                Duration.ofHours(24),
                Duration.ofSeconds(5),
                Duration.ofDays(7),
                Duration.ofMinutes(2),
                Duration.ofHours(1));
        return new CellConfig(
                cell, version, Ipv4.parse("10.255.0.1"), List.of(), List.of(), timers, ReplySettings.NONE, networks);
    }

    @Override
    public List<Change> compare(List<CellConfig> before, List<CellConfig> after, LeaseCount leases) {
        List<String> was = lines(before);
        List<String> will = lines(after);
        List<Change> changes = new ArrayList<>();
        will.stream().filter(line -> !was.contains(line)).forEach(line -> changes.add(change(line, "", line)));
        was.stream().filter(line -> !will.contains(line)).forEach(line -> changes.add(change(line, line, "")));
        return changes;
    }

    private static Change change(String line, String before, String after) {
        return new Change((before.isEmpty() ? "+ " : "- ") + line, line, before, after, null, "");
    }

    private static List<String> lines(List<CellConfig> cells) {
        return cells.stream()
                .flatMap(cell -> cell.networks().stream()
                        .flatMap(network -> network.subnets().stream())
                        .map(subnet -> cell.cell() + " " + subnet.prefix() + " "
                                + subnet.pools().getFirst().range() + " "
                                + subnet.leaseTimes().standard()))
                .toList();
    }
}
