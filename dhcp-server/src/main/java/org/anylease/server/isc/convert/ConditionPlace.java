package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Octets;

/** Where a condition of the files stands, as a part of ours: our classes are the whole cluster's. */
final class ConditionPlace {
    /** More hosts of a group are not listed. */
    private static final int HOSTS_MAX = 100;

    private final List<Networks.Network> networks;
    private final ClassPlan classes;

    ConditionPlace(List<Networks.Network> networks, ClassPlan classes) {
        this.networks = networks;
        this.classes = classes;
    }

    /** The condition that a client is where a scope applies; empty for anywhere. */
    String of(Scope scope) throws Unmappable {
        return switch (scope.kind()) {
            case GLOBAL -> "";
            case CONDITION, EVENT -> of(scope.outer());
            case SHARED -> any(networksIn(scope), List.of());
            case GROUP -> group(scope);
            case SUBNET -> subnet(scope);
            case POOL -> pool(scope);
            case HOST -> any(List.of(), List.of(scope));
            case CLASS ->
                classes.find(scope.name())
                        .filter(planned -> planned.scope == scope)
                        .orElseThrow(() -> new Unmappable("its class is not converted", "see the class"))
                        .membership();
            case SUBCLASS -> member(scope);
        };
    }

    private String member(Scope scope) throws Unmappable {
        Optional<ClassPlan.Planned> planned = classes.find(scope.name());
        Optional<Octets> value = Optional.ofNullable(scope.when).flatMap(Constants::data);
        if (planned.isEmpty() || value.isEmpty()) {
            throw new Unmappable("its class is not converted", "see the class");
        }
        return planned.get().membership(value.get());
    }

    private String group(Scope group) throws Unmappable {
        List<Scope> hosts = group.all().stream()
                .filter(inner -> inner.kind() == Scope.Kind.HOST)
                .filter(host -> host.around(Scope.Kind.SUBNET).isEmpty()
                        && host.around(Scope.Kind.SHARED).isEmpty())
                .toList();
        return any(networksIn(group), hosts);
    }

    private String subnet(Scope subnet) throws Unmappable {
        List<String> names = networksIn(subnet);
        if (!names.isEmpty()) {
            return any(names, List.of());
        }
        if (subnet.prefix == null) {
            throw new Unmappable("its subnet is not converted", "see the subnet");
        }
        return "subnet == " + subnet.prefix.network();
    }

    /** A pool is no place that a packet comes from, but where a network has no other, clients without a reservation are. */
    private String pool(Scope pool) throws Unmappable {
        for (Networks.Network network : networks) {
            List<Networks.Pool> pools = network.subnets().stream()
                    .flatMap(subnet -> subnet.pools().stream())
                    .toList();
            if (!pools.isEmpty()
                    && pools.stream()
                            .allMatch(
                                    each -> each.scope().around(Scope.Kind.POOL).equals(Optional.of(pool)))) {
                return "network == \"" + network.name() + "\" and not known";
            }
        }
        throw new Unmappable(
                "a class is told before an address is chosen, and so cannot depend on the pool",
                "write a class, and 'allow' it in the pool");
    }

    /** The names of networks that lie within a scope wholly. */
    List<String> networksIn(Scope scope) {
        return networks.stream()
                .filter(network -> network.scope().chain().contains(scope))
                .map(Networks.Network::name)
                .toList();
    }

    /** The subnet of a shared network that has others beside it. */
    boolean isOneOfSeveral(Scope scope) {
        return scope.kind() == Scope.Kind.SUBNET
                && networks.stream()
                        .anyMatch(network -> network.scope() != scope
                                && network.subnets().size() > 1
                                && network.subnets().stream().anyMatch(subnet -> subnet.scope() == scope));
    }

    private static String any(List<String> names, List<Scope> hosts) throws Unmappable {
        List<String> hardware = new ArrayList<>();
        List<String> identifiers = new ArrayList<>();
        for (Scope host : hosts) {
            host.hardware.forEach(held -> hardware.add(ExpressionText.constant(Scope.joined(
                    Octets.of(new byte[] {(byte) held.value().type()}),
                    held.value().address()))));
            host.identifiers.forEach(held -> identifiers.add(ExpressionText.constant(held.value())));
        }
        if (hardware.size() + identifiers.size() > HOSTS_MAX) {
            throw new Unmappable("it is for too many hosts to list here", "write a class by hand");
        }
        List<String> either = new ArrayList<>();
        listed(either, "network", names.stream().map(name -> "\"" + name + "\"").toList());
        listed(either, "hardware", hardware);
        listed(either, "client-id", identifiers);
        if (either.isEmpty()) {
            throw new Unmappable("nothing that is converted stands where it holds", "");
        }
        return either.size() == 1 ? either.getFirst() : "(" + String.join(" or ", either) + ")";
    }

    private static void listed(List<String> either, String field, List<String> values) {
        if (values.size() == 1) {
            either.add(field + " == " + values.getFirst());
        } else if (!values.isEmpty()) {
            either.add(field + " in [" + String.join(", ", values) + "]");
        }
    }
}
