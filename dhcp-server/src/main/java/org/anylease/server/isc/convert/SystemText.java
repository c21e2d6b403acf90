package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** Writes the system file of a cluster. */
final class SystemText {
    private static final List<String> POLICY =
            List.of("authoritative", "ignore-client-uids", "ping-check", "ping-timeout", "ping-timeout-ms");

    private final LevelText levels;
    private final SitePlan sites;
    private final Scope global;
    private final ClassText classes;
    private final DnsText dns;
    private final ClassText.Source source;
    private @Nullable ActionText actions;

    SystemText(IscOptions options, SitePlan sites, Scope global, ClassText.Source source, DnsText dns) {
        this.dns = dns;
        this.levels = new LevelText(options, source);
        this.sites = sites;
        this.global = global;
        this.source = source;
        this.classes = new ClassText(levels, global, source);
    }

    /** The file, which begins with comments. */
    String write(List<Networks.Network> networks, String cluster, List<String> head) {
        YamlText body = new YamlText();
        List<Scope> outermost = List.of(global);
        levels.write(body, List.of(), outermost);
        ServingText.pooling(body, outermost);
        policy(body, List.of(), outermost);
        dns.write(body);
        classes.write(body, networks);
        actions = new ActionText(source, new ConditionPlace(networks, source.classes()));
        actions.write(body, global);
        body.line("");
        body.open("networks");
        networks.forEach(network -> network(body, network));
        body.close();
        YamlText out = new YamlText();
        head.forEach(out::comment);
        out.line("");
        out.entry("cluster", cluster);
        servers(out);
        timers(out);
        definitions(out);
        out.line("");
        return out + body.toString();
    }

    /** The files that actions execute, by name, once the file is written. */
    SortedMap<String, String> commands() {
        ActionText written = actions;
        return written == null ? new TreeMap<>() : written.commands();
    }

    private void servers(YamlText out) {
        out.entry("service-address", sites.service().toString());
        List<Ipv4> aliases = sites.aliases();
        if (!aliases.isEmpty()) {
            out.comment("Clients that were served by these servers may go on naming them.");
            out.entry("aliases", aliases.toString());
        }
        out.open("sites");
        sites.sites().forEach((site, addresses) -> {
            out.open(site);
            out.open("servers");
            for (int i = 0; i < addresses.size(); i++) {
                out.entry(server(site, i), addresses.get(i).toString());
            }
            out.close();
            out.close();
        });
        out.close();
    }

    /** The name of a site's server, counted from 0. */
    static String server(String site, int number) {
        return site + "-" + (char) ('a' + number);
    }

    private void timers(YamlText out) {
        List<String> timers = new ArrayList<>();
        sites.mclt().ifPresent(mclt -> timers.add("mclt: " + LeaseTriple.duration(mclt)));
        Optional<Held<String>> abandon = Scope.value(List.of(global), "abandon-lease-time");
        abandon.filter(held -> Long.parseLong(held.value()) > 0).ifPresent(held -> {
            timers.add("quarantine: " + LeaseTriple.duration(Long.parseLong(held.value())));
            held.entry().converted();
        });
        if (!timers.isEmpty()) {
            out.entry("timers", "{ " + String.join(", ", timers) + " }");
        }
    }

    private void definitions(YamlText out) {
        if (levels.definitions().isEmpty()) {
            return;
        }
        out.open("option-definitions");
        levels.definitions()
                .forEach((name, definition) -> out.entry(
                        name,
                        "{ code: " + definition.code() + ", type: "
                                + definition.type().word() + " }"));
        out.close();
    }

    private void network(YamlText out, Networks.Network network) {
        comment(out, network.scope());
        out.open(network.name());
        boolean shared = network.scope().kind() == Scope.Kind.SHARED;
        List<Scope> outer = List.of(global);
        List<Scope> chain = network.scope().chain();
        if (shared) {
            levels.write(out, outer, after(outer, chain));
            dns.write(out, outer, chain);
            ServingText.pooling(out, after(outer, chain));
        }
        policy(out, outer, chain);
        out.open("subnets");
        for (Networks.Subnet subnet : network.subnets()) {
            subnet(out, subnet, shared ? chain : outer);
            if (shared) {
                withinShared(subnet.scope(), chain);
            }
        }
        out.close();
        out.close();
    }

    /** Scopes of a chain that another does not have. */
    static List<Scope> after(List<Scope> outer, List<Scope> chain) {
        return chain.stream().filter(scope -> !outer.contains(scope)).toList();
    }

    /** What a subnet of a shared network says of policy holds here only where the link as a whole says the same. */
    private static void withinShared(Scope subnet, List<Scope> shared) {
        for (String parameter : POLICY) {
            Held<String> held = subnet.values.get(parameter);
            if (held != null) {
                String around = Scope.value(shared, parameter).map(Held::value).orElse("");
                if (held.value().equals(around)) {
                    held.entry().converted();
                } else {
                    held.entry().refuse("it held for one subnet of the link only", "say it for the network");
                }
            }
        }
    }

    private void subnet(YamlText out, Networks.Subnet subnet, List<Scope> outer) {
        out.open(subnet.prefix().toString());
        List<Scope> chain = subnet.scope().chain();
        levels.write(out, outer, after(outer, chain));
        dns.write(out, outer, chain);
        ServingText.pooling(out, after(outer, chain));
        boolean served =
                subnet.pools().stream().anyMatch(pool -> pool.leftOutBecause().isEmpty());
        if (served) {
            out.open("pools");
            subnet.pools().forEach(pool -> pool(out, pool, chain));
            out.close();
        } else {
            subnet.pools().forEach(pool -> pool(out, pool, chain));
            out.entry("pools", "[]");
        }
        if (!subnet.reservations().isEmpty()) {
            out.open("reservations");
            subnet.reservations().forEach(reservation -> reservation(out, reservation, chain));
            out.close();
        }
        out.close();
    }

    private void pool(YamlText out, Networks.Pool pool, List<Scope> outer) {
        if (!pool.leftOutBecause().isEmpty()) {
            out.comment("Not served, since dhcpd served some clients only ("
                    + pool.leftOutBecause().replaceAll("[^ -~]", "?") + "): " + pool.range());
            return;
        }
        YamlText inner = new YamlText();
        named(inner, "allow", pool.permits().allow());
        named(inner, "deny", pool.permits().deny());
        levels.pool(inner, outer, after(outer, pool.scope().chain()), pool.bootp());
        item(out, "range: " + pool.range(), inner.toString(), pool.range().toString());
    }

    private static void named(YamlText out, String key, List<String> names) {
        if (!names.isEmpty()) {
            out.entry(key, names.size() == 1 ? names.getFirst() : names.toString());
        }
    }

    /** An item of a list: one line when there is no more to say. */
    private static void item(YamlText out, String first, String rest, String alone) {
        if (rest.isEmpty()) {
            out.line("- " + alone);
            return;
        }
        out.line("- " + first);
        rest.lines().forEach(line -> out.line("  " + line));
    }

    private void reservation(YamlText out, Networks.Reservation reservation, List<Scope> outer) {
        Scope host = reservation.scope();
        List<Scope> own = after(outer, host.chain());
        List<Scope> chain = new ArrayList<>(outer);
        chain.addAll(own);
        YamlText inner = new YamlText();
        hostname(inner, host, chain);
        levels.write(inner, outer, own);
        comment(out, host);
        String fields = "address: " + reservation.address() + ", " + reservation.key();
        String first = fields.replace(", ", "\n");
        if (inner.length() == 0) {
            out.line("- { " + fields + " }");
            return;
        }
        List<String> lines = new ArrayList<>(first.lines().toList());
        out.line("- " + lines.removeFirst());
        lines.forEach(line -> out.line("  " + line));
        inner.toString().lines().forEach(line -> out.line("  " + line));
    }

    private static void hostname(YamlText out, Scope host, List<Scope> chain) {
        Optional<Held<String>> names = Scope.value(chain, "use-host-decl-names");
        if (names.isEmpty()) {
            return;
        }
        names.get().entry().converted();
        boolean named = host.name().matches("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*");
        if (names.get().value().equals("true")
                && named
                && Scope.option(chain, 12).isEmpty()) {
            out.entry("hostname", OptionYaml.quoted(host.name()));
        }
    }

    /** What holds for a link as a whole. */
    private static void policy(YamlText out, List<Scope> outer, List<Scope> chain) {
        String authoritative = said(chain, "authoritative", "false");
        if (outer.isEmpty() || !authoritative.equals(said(outer, "authoritative", "false"))) {
            out.entry("authoritative", authoritative);
        }
        String ignored = said(chain, "ignore-client-uids", "false");
        if (!ignored.equals(said(outer, "ignore-client-uids", "false"))) {
            out.entry("identity", ignored.equals("true") ? "hardware" : "client-identifier");
        }
        String probe = probe(chain);
        if (!probe.equals(probe(outer))) {
            out.entry("probe", probe);
        }
        for (Scope scope : chain) {
            for (String parameter : POLICY) {
                Held<String> held = scope.values.get(parameter);
                if (held != null) {
                    held.entry().converted();
                }
            }
        }
    }

    private static String said(List<Scope> chain, String parameter, String otherwise) {
        return Scope.value(chain, parameter).map(Held::value).orElse(otherwise);
    }

    private static String probe(List<Scope> chain) {
        List<String> fields = new ArrayList<>();
        Scope.value(chain, "ping-check").ifPresent(held -> fields.add("enabled: " + held.value()));
        Optional<Long> millis = Scope.value(chain, "ping-timeout-ms")
                .map(held -> Long.parseLong(held.value()))
                .filter(value -> value > 0)
                .or(() -> Scope.value(chain, "ping-timeout").map(held -> Long.parseLong(held.value()) * 1000));
        millis.map(value -> Math.clamp(value, 10L, 10_000L))
                .ifPresent(value -> fields.add("timeout: " + (value % 1000 == 0 ? value / 1000 + "s" : value + "ms")));
        return fields.isEmpty() ? "" : "{ " + String.join(", ", fields) + " }";
    }

    static void comment(YamlText out, Scope scope) {
        out.comment(scope.entry().head() + "  (" + scope.entry().at().file().replaceAll("[^ -~]", "?") + ":"
                + scope.entry().at().line() + ")");
    }
}
