package org.anylease.server.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Prefix;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.anylease.store.config.Member;
import org.anylease.store.lease.Binding;
import org.anylease.store.lease.BindingState;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * Which leases are asked for. Every condition named must hold; one that is named several times holds when any of its
 * values does. Text conditions match parts, without regard to case; of octets, with or without separators.
 */
final class LeaseFilter {
    /** The query parameters that make a filter. */
    static final List<String> PARAMETERS = List.of(
            "address", "mac", "client", "hostname", "state", "subnet", "cell", "site", "relay", "expiring", "text");

    /**
     * Shown unless a state is named: all that somebody has, had lately, or that is kept from everybody. What is set aside
     * for a server is nobody's lease, and can be thousands of addresses.
     */
    private static final Set<BindingState> STATES_SHOWN =
            EnumSet.complementOf(EnumSet.of(BindingState.FREE, BindingState.ESCROWED));

    private final Set<String> cells = new TreeSet<>();
    private final List<Predicate<Binding>> conditions = new ArrayList<>();
    private Ipv4 lowest = new Ipv4(0);
    private Ipv4 highest = new Ipv4(-1);

    private LeaseFilter() {}

    /**
     * Reads a filter.
     *
     * @param query the request's parameters; those not of a filter are left to others
     * @param servers of the cluster, which tell the site of each lease
     * @param now for leases that expire soon
     */
    static LeaseFilter parse(Map<String, List<String>> query, List<Member> servers, Instant now) {
        LeaseFilter filter = new LeaseFilter();
        for (Map.Entry<String, List<String>> entry : query.entrySet()) {
            String name = entry.getKey();
            List<String> values = entry.getValue().stream()
                    .flatMap(value -> List.of(value.split(",", -1)).stream())
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .toList();
            if (PARAMETERS.contains(name) && !values.isEmpty()) {
                filter.add(name, values, servers, now);
            }
        }
        if (!query.containsKey("state")) {
            filter.conditions.add(binding -> STATES_SHOWN.contains(binding.state()) || binding.offer() != null);
        }
        return filter;
    }

    /** Insists that every cell named is one of these: a misspelt one must not look like one without leases. */
    void requireKnown(List<CellId> known) {
        for (String name : cells) {
            if (known.stream().noneMatch(cell -> cell.name().equals(name))) {
                throw Refusal.notFound("there is no cell " + name, "query parameter cell", "the cells are: " + known);
            }
        }
    }

    boolean covers(CellId cell) {
        return cells.isEmpty() || cells.contains(cell.name());
    }

    Ipv4 lowest() {
        return lowest;
    }

    Ipv4 highest() {
        return highest;
    }

    boolean matches(Binding binding) {
        for (Predicate<Binding> condition : conditions) {
            if (!condition.test(binding)) {
                return false;
            }
        }
        return true;
    }

    private void add(String name, List<String> values, List<Member> servers, Instant now) {
        try {
            switch (name) {
                case "cell" -> cells.addAll(values);
                case "address", "subnet" -> addAddress(values, name.equals("subnet"));
                case "state" -> addStates(values);
                case "site" -> addSites(values, servers);
                case "expiring" -> addExpiring(values.getLast(), now);
                default ->
                    conditions.add(any(values.stream()
                            .<Predicate<Binding>>map(value -> text(name, value))
                            .toList()));
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw Refusal.badRequest(
                    String.valueOf(e.getMessage()), "query parameter " + name, "mend it, or leave it out");
        }
    }

    private static Predicate<Binding> any(List<Predicate<Binding>> choices) {
        return binding -> choices.stream().anyMatch(choice -> choice.test(binding));
    }

    private void addAddress(List<String> values, boolean subnetsOnly) {
        List<Predicate<Binding>> choices = new ArrayList<>();
        List<AddressRange> ranges = new ArrayList<>();
        for (String value : values) {
            if (subnetsOnly) {
                Prefix prefix = Prefix.parse(value);
                ranges.add(new AddressRange(prefix.network(), prefix.last()));
            } else if (value.indexOf('/') >= 0 || value.indexOf('-') >= 0) {
                ranges.add(AddressRange.parse(value));
            } else if (value.chars().filter(c -> c == '.').count() == 3
                    && !value.startsWith(".")
                    && !value.endsWith(".")) {
                ranges.add(new AddressRange(Ipv4.parse(value), Ipv4.parse(value)));
            } else {
                choices.add(binding -> binding.address().toString().contains(value));
            }
        }
        for (AddressRange range : ranges) {
            choices.add(binding -> range.contains(binding.address()));
        }
        if (ranges.size() == values.size()) {
            // Only whole ranges are asked for: the scan can start and stop at their ends.
            lowest = max(
                    lowest,
                    ranges.stream()
                            .map(AddressRange::first)
                            .min(Comparator.naturalOrder())
                            .orElseThrow());
            highest = min(
                    highest,
                    ranges.stream()
                            .map(AddressRange::last)
                            .max(Comparator.naturalOrder())
                            .orElseThrow());
        }
        conditions.add(any(choices));
    }

    private static Ipv4 max(Ipv4 a, Ipv4 b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Ipv4 min(Ipv4 a, Ipv4 b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private void addStates(List<String> values) {
        EnumSet<BindingState> states = EnumSet.noneOf(BindingState.class);
        boolean offered = false;
        for (String value : values) {
            switch (value) {
                case "all" -> states.addAll(EnumSet.allOf(BindingState.class));
                case "offered" -> offered = true;
                default -> states.add(state(value));
            }
        }
        boolean orOffered = offered;
        conditions.add(binding -> states.contains(binding.state()) || (orOffered && binding.offer() != null));
    }

    private static BindingState state(String value) {
        for (BindingState state : BindingState.values()) {
            if (Json.name(state).equals(value)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "'" + value + "' is no state; the states are free, active, expired, released,"
                        + " abandoned, escrowed, reserved, offered and all");
    }

    private void addSites(List<String> values, List<Member> servers) {
        Set<ServerId> of = new TreeSet<>();
        for (String value : values) {
            SiteId site = new SiteId(value);
            int before = of.size();
            servers.stream().filter(member -> member.site().equals(site)).forEach(member -> of.add(member.server()));
            if (of.size() == before) {
                throw new IllegalArgumentException(
                        "no server of this cluster is at a site '" + value + "'; the sites are "
                                + servers.stream()
                                        .map(member -> member.site().name())
                                        .distinct()
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            }
        }
        conditions.add(binding -> {
            ServerId server = binding.server();
            return server != null && of.contains(server);
        });
    }

    private void addExpiring(String value, Instant now) {
        Instant until = now.plus(duration(value));
        conditions.add(binding ->
                binding.state() == BindingState.ACTIVE && !binding.end().isAfter(until));
    }

    /** Such as {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d} or ISO 8601's {@code PT15M}. */
    static Duration duration(String text) {
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        try {
            long number = Long.parseLong(text.substring(0, Math.max(0, text.length() - 1)));
            if (number >= 0 && number < Integer.MAX_VALUE) {
                Duration unit = switch (text.charAt(text.length() - 1)) {
                    case 's' -> Duration.ofSeconds(1);
                    case 'm' -> Duration.ofMinutes(1);
                    case 'h' -> Duration.ofHours(1);
                    case 'd' -> Duration.ofDays(1);
                    default -> Duration.ZERO;
                };
                if (!unit.isZero()) {
                    return unit.multipliedBy(number);
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no duration; write one like 90s, 15m, 2h or 1d", e);
        }
        throw new IllegalArgumentException("'" + text + "' is no duration; write one like 90s, 15m, 2h or 1d");
    }

    private static Predicate<Binding> text(String name, String value) {
        String wanted = value.toLowerCase(Locale.ROOT);
        String digits = plain(wanted);
        return switch (name) {
            case "mac" -> onClient(client -> hex(BindingJson.mac(client), digits));
            case "client" -> onClient(client -> isClient(client, wanted, digits));
            case "hostname" ->
                onClient(client -> client.hostname().toLowerCase(Locale.ROOT).contains(wanted));
            case "relay" ->
                onClient(client -> !client.relay().isUnspecified()
                        && address(client.relay().toString(), wanted));
            case "text" ->
                binding -> address(binding.address().toString(), wanted)
                        || onClient(client -> hex(BindingJson.mac(client), digits)
                                        || isClient(client, wanted, digits)
                                        || client.hostname()
                                                .toLowerCase(Locale.ROOT)
                                                .contains(wanted))
                                .test(binding);
            default -> throw new IllegalArgumentException("no filter '" + name + "'");
        };
    }

    /** A whole address is meant alone: 10.0.0.1 is not part of 10.0.0.10. */
    private static boolean address(String address, String wanted) {
        boolean whole = wanted.chars().filter(c -> c == '.').count() == 3 && !wanted.endsWith(".");
        return whole ? address.equals(wanted) : address.contains(wanted);
    }

    private static boolean isClient(LeaseClient client, String wanted, String digits) {
        return hex(client.id().value().toString(), digits)
                || printable(client).toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static Predicate<Binding> onClient(Predicate<LeaseClient> condition) {
        return binding -> {
            LeaseClient client = shown(binding);
            return client != null && condition.test(client);
        };
    }

    /** The client of a binding, or of its offer while nobody holds it. */
    static @Nullable LeaseClient shown(Binding binding) {
        LeaseClient client = binding.client();
        if (binding.offer() != null && (client == null || binding.state() != BindingState.ACTIVE)) {
            return binding.offer().client();
        }
        return client;
    }

    private static String plain(String text) {
        String digits = text.replaceAll("[:.-]", "");
        return digits.matches("[0-9a-f]+") ? digits : "";
    }

    private static boolean hex(String octets, String digits) {
        return !digits.isEmpty() && octets.replace(":", "").contains(digits);
    }

    /** A client identifier as text where it is text (RFC 2132 §9.14 type 0 and what clients make of it). */
    private static String printable(LeaseClient client) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < client.id().value().length(); i++) {
            int octet = client.id().value().at(i);
            text.append(octet >= 0x20 && octet < 0x7f ? (char) octet : '\n');
        }
        return text.toString();
    }
}
