package org.anylease.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigChange.Subject;
import org.anylease.store.address.AddressRange;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.CellTimers;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.anylease.store.config.EscrowPolicy;
import org.anylease.store.config.LeaseTimes;
import org.anylease.store.config.NetworkPolicy;
import org.anylease.store.config.Pool;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.Reservation;
import org.anylease.store.config.ServingRules;
import org.anylease.store.config.SharedNetwork;
import org.anylease.store.config.Subnet;
import org.jspecify.annotations.Nullable;

/** A configuration taken apart into single facts, each with a text and the addresses it concerns. */
final class ConfigFacts {
    /** What a fact is about; facts are in order of path, the outer before the inner. */
    record About(String path, Subject subject, String name) implements Comparable<About> {
        private static final Comparator<About> IN_ORDER =
                Comparator.comparing(About::path).thenComparing(About::subject).thenComparing(About::name);

        @Override
        public int compareTo(About other) {
            return IN_ORDER.compare(this, other);
        }
    }

    /** What is said. */
    record Fact(String text, List<AddressRange> ranges) {}

    private final SortedMap<About, Fact> facts = new TreeMap<>();
    private final Map<AddressRange, AddressRange> poolsBefore;

    private ConfigFacts(Map<AddressRange, AddressRange> poolsBefore) {
        this.poolsBefore = poolsBefore;
    }

    /**
     * Takes slices apart.
     *
     * @param poolsBefore pools that were another range before, and go by that name so that the two are compared
     */
    static SortedMap<About, Fact> of(Collection<CellConfig> cells, Map<AddressRange, AddressRange> poolsBefore) {
        ConfigFacts facts = new ConfigFacts(poolsBefore);
        cells.forEach(facts::cell);
        return facts.facts;
    }

    private void cell(CellConfig cell) {
        String path = cell.cell().name();
        List<AddressRange> all = cell.networks().stream()
                .flatMap(network -> ranges(network).stream())
                .toList();
        add("", Subject.CELL, path, "", List.of());
        add(path, Subject.SERVER_IDENTIFIER, "", cell.serverIdentifier().toString(), all);
        cell.aliases().forEach(alias -> add(path, Subject.SERVER_IDENTIFIER, "alias " + alias, "", List.of()));
        cell.members()
                .forEach(member -> add(
                        path,
                        Subject.MEMBER,
                        member.server().name(),
                        "at " + member.site() + ", " + joined(member.addresses()),
                        List.of()));
        CellTimers timers = cell.timers();
        add(path, Subject.TIMER, "mclt", DurationText.format(timers.mclt()), List.of());
        add(path, Subject.TIMER, "clock-skew", DurationText.format(timers.skew()), List.of());
        add(path, Subject.TIMER, "longest-lease", DurationText.format(timers.longestLease()), List.of());
        add(path, Subject.TIMER, "offer-hold", DurationText.format(timers.offerHold()), List.of());
        add(path, Subject.TIMER, "quarantine", DurationText.format(timers.quarantine()), List.of());
        add(path, Subject.TIMER, "commit-deadline", DurationText.format(timers.commitDeadline()), List.of());
        EscrowPolicy escrow = cell.escrow();
        add(path, Subject.ESCROW, "floor", Integer.toString(escrow.floor()), List.of());
        add(path, Subject.ESCROW, "ceiling", Integer.toString(escrow.ceiling()), List.of());
        add(path, Subject.ESCROW, "autonomy", DurationText.format(escrow.autonomy()), List.of());
        add(path, Subject.ESCROW, "term", DurationText.format(timers.escrowTerm()), List.of());
        settings(path, cell.settings(), all);
        order(path, "classes", cell.classes().stream().map(ClientClass::name).toList());
        cell.classes().forEach(each -> clientClass(path, each));
        cell.networks().forEach(network -> network(path, network));
    }

    private void clientClass(String cell, ClientClass each) {
        String path = cell + "/" + each.name();
        String match = each.match() == null ? "" : "match " + each.match();
        String key = each.key() == null ? "" : (each.open() ? "spawn-by " : "match ") + each.key();
        String limit = each.limit() == 0 ? "" : "lease-limit " + each.limit();
        String text =
                Stream.of(match, key, limit).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
        add(cell, Subject.CLASS, each.name(), text, List.of());
        settings(path, each.settings(), List.of());
        ClassTimes times = each.times();
        time(path, "lease", times.standard());
        time(path, "min-lease", times.minimum());
        time(path, "max-lease", times.maximum());
        for (ClientClass.Member member : each.members()) {
            String inner = path + "/" + member.value();
            String most = member.limit() == 0 ? "" : "lease-limit " + member.limit();
            add(path, Subject.CLASS, "member " + member.value(), most, List.of());
            settings(inner, member.settings(), List.of());
        }
    }

    private void time(String path, String name, @Nullable Duration time) {
        if (time != null) {
            add(path, Subject.LEASE_TIMES, name, DurationText.format(time), List.of());
        }
    }

    private void network(String cell, SharedNetwork network) {
        String path = cell + "/" + network.name();
        List<AddressRange> all = ranges(network);
        add(cell, Subject.NETWORK, network.name(), "", List.of());
        policy(path, network.policy());
        if (!network.vpn().isEmpty()) {
            add(path, Subject.POLICY, "vpn", ServingReader.vpnText(network.vpn()), List.of());
        }
        settings(path, network.settings(), all);
        order(path, "subnets", network.subnets().stream().map(Subnet::prefix).toList());
        network.subnets().forEach(subnet -> subnet(path, subnet));
    }

    private void policy(String path, NetworkPolicy policy) {
        add(path, Subject.POLICY, "authoritative", Boolean.toString(policy.authoritative()), List.of());
        add(path, Subject.POLICY, "identity", word(policy.identity()), List.of());
        String probe = policy.probe() ? DurationText.format(policy.probeTimeout()) : "off";
        add(path, Subject.POLICY, "probe", probe, List.of());
        add(path, Subject.POLICY, "probe when-impossible", word(policy.unprobed()), List.of());
    }

    private void subnet(String network, Subnet subnet) {
        String path = network + "/" + subnet.prefix();
        List<AddressRange> all = List.of(whole(subnet));
        add(network, Subject.SUBNET, subnet.prefix().toString(), "", all);
        add(path, Subject.LEASE_TIMES, "", times(subnet.leaseTimes()), all);
        settings(path, subnet.settings(), all);
        order(path, "pools", subnet.pools().stream().map(this::nameBefore).toList());
        for (Pool pool : subnet.pools()) {
            AddressRange name = nameBefore(pool);
            String inner = path + "/" + name;
            add(path, Subject.POOL, name.toString(), pool.range().toString(), List.of(pool.range()));
            add(inner, Subject.LEASE_TIMES, "", times(pool.leaseTimes()), List.of(pool.range()));
            settings(inner, pool.settings(), List.of(pool.range()));
            access(inner, "allow", pool.access().allow());
            access(inner, "deny", pool.access().deny());
            if (pool.shortAbove() > 0) {
                add(inner, Subject.LEASE_TIMES, "short-leases-above", Integer.toString(pool.shortAbove()), List.of());
            }
            if (pool.access().bootp()) {
                add(inner, Subject.LEASE_TIMES, "bootp-lease", DurationText.format(pool.bootpLease()), List.of());
            }
        }
        for (Reservation reservation : subnet.reservations()) {
            String inner = path + "/" + reservation.address();
            List<AddressRange> one = List.of(new AddressRange(reservation.address(), reservation.address()));
            String text = reservation.key() + (reservation.hostname() == null ? "" : ", " + reservation.hostname());
            add(path, Subject.RESERVATION, reservation.address().toString(), text, one);
            add(inner, Subject.LEASE_TIMES, "", times(reservation.leaseTimes()), one);
            settings(inner, reservation.settings(), one);
        }
    }

    private void settings(String path, ReplySettings settings, List<AddressRange> ranges) {
        settings.options().forEach((code, value) -> {
            String name =
                    KnownOptions.byCode(code).map(OptionDefinition::toString).orElse(Integer.toString(code));
            add(path, Subject.OPTION, name, OptionText.of(code, value), ranges);
        });
        if (settings.nextServer() != null) {
            add(path, Subject.BOOT, "next-server", settings.nextServer().toString(), ranges);
        }
        if (settings.serverName() != null) {
            add(path, Subject.BOOT, "server-name", settings.serverName(), ranges);
        }
        if (settings.bootFile() != null) {
            add(path, Subject.BOOT, "file", settings.bootFile(), ranges);
        }
        serving(path, settings.serving());
        ComputedSettings computed = settings.computed();
        computed.options().forEach((code, value) -> {
            String name =
                    KnownOptions.byCode(code).map(OptionDefinition::toString).orElse(Integer.toString(code));
            computed(path, Subject.OPTION, name, value, ranges);
        });
        computed(path, Subject.BOOT, "next-server", computed.nextServer(), ranges);
        computed(path, Subject.BOOT, "server-name", computed.serverName(), ranges);
        computed(path, Subject.BOOT, "file", computed.bootFile(), ranges);
    }

    private void serving(String path, ServingRules rules) {
        said(path, "enabled", rules.served());
        said(path, "broadcast", rules.broadcast());
        said(path, "own-address-as-router", rules.ownRouter());
        said(path, "quarantine-declined", rules.declines());
        said(path, "offer-after", rules.offerAfter() == null ? null : DurationText.format(rules.offerAfter()));
        said(path, "bootp", rules.bootp() == null ? null : word(rules.bootp()));
    }

    private void said(String path, String name, @Nullable Object value) {
        if (value != null) {
            add(path, Subject.POLICY, "serving " + name, value.toString(), List.of());
        }
    }

    private void computed(
            String path, Subject subject, String name, @Nullable ComputedValue value, List<AddressRange> ranges) {
        if (value != null) {
            add(path, subject, name, "computed " + value.expression(), ranges);
        }
    }

    private void access(String path, String name, List<String> whom) {
        if (!whom.isEmpty()) {
            add(path, Subject.ACCESS, name, joined(whom), List.of());
        }
    }

    private void order(String path, String what, List<?> things) {
        if (things.size() > 1) {
            add(path, Subject.ORDER, what, joined(things), List.of());
        }
    }

    private void add(String path, Subject subject, String name, String text, List<AddressRange> ranges) {
        facts.put(new About(path, subject, name), new Fact(text, ranges));
    }

    private AddressRange nameBefore(Pool pool) {
        return poolsBefore.getOrDefault(pool.range(), pool.range());
    }

    private static List<AddressRange> ranges(SharedNetwork network) {
        return network.subnets().stream().map(ConfigFacts::whole).toList();
    }

    private static AddressRange whole(Subnet subnet) {
        return new AddressRange(subnet.prefix().network(), subnet.prefix().last());
    }

    private static String times(LeaseTimes times) {
        return DurationText.format(times.standard()) + " (" + DurationText.format(times.minimum()) + " to "
                + DurationText.format(times.maximum()) + ")";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String joined(List<?> things) {
        List<String> texts = new ArrayList<>();
        things.forEach(thing -> texts.add(String.valueOf(thing)));
        return String.join(", ", texts);
    }
}
