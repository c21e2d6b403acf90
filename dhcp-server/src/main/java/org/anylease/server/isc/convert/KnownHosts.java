package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Statement.Hardware;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** Hosts without an address: members of classes, since our own known clients are those with a reservation. */
final class KnownHosts {
    static final String BY_HARDWARE = "known-hosts";
    static final String BY_IDENTIFIER = "known-client-ids";

    /** More of them do not stand in a condition. */
    private static final int LISTED_MAX = 100;

    private final SortedMap<Octets, Scope> byHardware = new TreeMap<>();
    private final SortedMap<Octets, Scope> byIdentifier = new TreeMap<>();

    /** Takes the hosts without an address, and settles what names them. */
    static KnownHosts of(Scope global) {
        KnownHosts hosts = new KnownHosts();
        global.all().stream()
                .filter(scope -> scope.kind() == Scope.Kind.HOST && scope.addresses.isEmpty())
                .forEach(hosts::take);
        return hosts;
    }

    private void take(Scope host) {
        boolean named = false;
        for (Held<Hardware> held : host.hardware) {
            Hardware hardware = held.value();
            Octets key = Scope.joined(Octets.of(new byte[] {(byte) hardware.type()}), hardware.address());
            named |= !hardware.address().isEmpty() && put(byHardware, key, host, held.entry());
        }
        for (Held<Octets> held : host.identifiers) {
            named |= !held.value().isEmpty() && put(byIdentifier, held.value(), host, held.entry());
        }
        if (named) {
            host.entry().converted("its client is a member of a class");
            name(host);
        }
    }

    private static boolean put(SortedMap<Octets, Scope> hosts, Octets key, Scope host, Ledger.Entry entry) {
        Scope other = hosts.putIfAbsent(key, host);
        if (other != null) {
            entry.refuse("host " + other.name() + " has it already", "one for each client");
            return false;
        }
        entry.converted();
        return true;
    }

    /** The name that {@code use-host-decl-names} gives a host's client, as an option of the host. */
    private static void name(Scope host) {
        Optional<Held<String>> said = Scope.value(host.chain(), "use-host-decl-names");
        said.ifPresent(held -> held.entry().converted());
        boolean wanted = said.isPresent()
                && said.get().value().equals("true")
                && Scope.option(host.chain(), 12).isEmpty();
        if (wanted) {
            Octets name = Octets.of(host.name().getBytes(StandardCharsets.UTF_8));
            Expression value = new Expression.Constant(said.get().entry().at(), name);
            host.options
                    .computeIfAbsent(12, _ -> new ArrayList<>())
                    .add(new Held<>(
                            new Scope.Use(org.anylease.server.isc.syntax.Statement.Modifier.OPTION, value),
                            said.get().entry()));
        }
    }

    SortedMap<Octets, Scope> byHardware() {
        return byHardware;
    }

    SortedMap<Octets, Scope> byIdentifier() {
        return byIdentifier;
    }

    /** The classes that are there. */
    List<String> classes() {
        List<String> classes = new ArrayList<>();
        if (!byHardware.isEmpty()) {
            classes.add(BY_HARDWARE);
        }
        if (!byIdentifier.isEmpty()) {
            classes.add(BY_IDENTIFIER);
        }
        return classes;
    }

    /** The condition that a client has a host declaration; null when there are too many of them to list. */
    @Nullable
    String condition() {
        return byHardware.size() + byIdentifier.size() > LISTED_MAX
                ? null
                : "known" + listed(" or hardware in [", byHardware) + listed(" or client-id in [", byIdentifier);
    }

    private static String listed(String start, SortedMap<Octets, Scope> hosts) {
        return hosts.isEmpty()
                ? ""
                : hosts.keySet().stream().map(ExpressionText::constant).collect(Collectors.joining(", ", start, "]"));
    }
}
