package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement.Action;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Puts what they come to in place of variables and of the host's name, which expressions here do not have. A variable
 * that is set on a condition becomes a choice. Sets are worked out in dhcpd's order: from the outermost declaration
 * inwards.
 */
final class Substitution {
    /** Functions of our own: a choice by a condition, and what is not there. */
    static final String CHOICE = "?:";

    static final String NOTHING = "?";

    /** How many octets there are. */
    static final String LENGTH = "#";

    private static final String HOST = "host-decl-name";
    private static final int HOSTS_MAX = 20;
    private static final int PARTS_MAX = 1_000;
    private static final Set<String> KEYWORDS = new TreeSet<>(List.of(
            "hardware",
            "filename",
            "server-name",
            "leased-address",
            "lease-time",
            "client-state",
            "known",
            "static",
            "true",
            "false"));

    private final Scope global;
    private int parts;

    Substitution(Scope global) {
        this.global = global;
    }

    /**
     * Where an expression stands: the declarations around it, and the statement before which variables must be set.
     *
     * @param atStart whether it sees variables only as they are before any packet comes
     */
    private record Use(List<Scope> chain, Ledger.@Nullable Entry before, boolean atStart) {}

    /** One that is evaluated when all statements around it have been, as a field of the header is. */
    Expression atTheEnd(Expression expression, List<Scope> chain) throws Unmappable {
        parts = 0;
        return of(expression, new Use(chain, null, false));
    }

    /** The value of an option, which dhcpd 4.4.3 evaluates without the variables that a packet sets. */
    Expression ofOption(Expression expression, List<Scope> chain) throws Unmappable {
        parts = 0;
        return of(expression, new Use(chain, null, true));
    }

    /** One that is evaluated where it stands, as a condition is. */
    Expression inPlace(Expression expression, List<Scope> chain, Ledger.Entry before) throws Unmappable {
        parts = 0;
        return of(expression, new Use(chain, before, false));
    }

    private Expression of(Expression expression, Use use) throws Unmappable {
        if (++parts > PARTS_MAX) {
            throw new Unmappable("its variables come to too long an expression", ExpressionText.BY_HAND);
        }
        return switch (expression) {
            case Expression.Constant _, Expression.Numeral _, Expression.OfOption _ -> expression;
            case Expression.Name name -> name(name, use);
            case Expression.Not not -> new Expression.Not(not.at(), of(not.operand(), use));
            case Expression.Binary binary ->
                new Expression.Binary(binary.at(), binary.operator(), of(binary.left(), use), of(binary.right(), use));
            case Expression.Call call -> {
                List<Expression> arguments = new ArrayList<>();
                for (Expression argument : call.arguments()) {
                    arguments.add(of(argument, use));
                }
                yield new Expression.Call(call.at(), call.function(), arguments);
            }
        };
    }

    private Expression name(Expression.Name name, Use use) throws Unmappable {
        String word = name.name().toLowerCase(Locale.ROOT);
        if (word.equals(HOST)) {
            return host(name.at(), use.chain);
        }
        if (KEYWORDS.contains(word)) {
            return name;
        }
        if (use.atStart) {
            return isSet(name.name()) ? atStart(name) : name;
        }
        Expression value = null;
        for (Guarded each : sets(name.name(), use)) {
            Action action = each.set.value();
            Expression given =
                    action.word().equals("set") && !action.arguments().isEmpty()
                            ? of(action.arguments().getFirst(), new Use(use.chain, each.set.entry(), false))
                            : new Expression.Call(name.at(), NOTHING, List.of());
            each.set.entry().differs("it is worked out where it is used, and not kept with the lease", "");
            Expression before = value == null ? new Expression.Call(name.at(), NOTHING, List.of()) : value;
            Expression when = each.when;
            value = when == null
                    ? given
                    : new Expression.Call(
                            name.at(),
                            CHOICE,
                            List.of(of(when, new Use(use.chain, each.set.entry(), false)), given, before));
        }
        if (value == null && isSet(name.name())) {
            throw new Unmappable(
                    "it looked at variable '" + name.name() + "', which is set elsewhere", ExpressionText.BY_HAND);
        }
        return value == null ? name : value;
    }

    /** What a variable is before any packet comes: constant, or nothing. */
    private Expression atStart(Expression.Name name) {
        Expression nothing = new Expression.Call(name.at(), NOTHING, List.of());
        Expression value = nothing;
        for (Guarded each : sets(name.name(), new Use(List.of(global), null, true))) {
            Action action = each.set.value();
            if (each.when == null || holdsAtStart(each.when)) {
                boolean given =
                        action.word().equals("set") && !action.arguments().isEmpty();
                Optional<Octets> constant =
                        given ? Constants.data(action.arguments().getFirst()) : Optional.empty();
                value = constant.<Expression>map(octets -> new Expression.Constant(name.at(), octets))
                        .orElse(nothing);
            }
        }
        global.all()
                .forEach(scope -> scope.sets.stream()
                        .filter(held -> held.value().target().equals(name.name()))
                        .forEach(held -> held.entry()
                                .differs(
                                        "the values of options see it as it is when dhcpd starts, as in dhcpd 4.4.3;"
                                                + " it is not kept with the lease",
                                        "")));
        return value;
    }

    /** Whether a condition holds while there is no packet to look into. */
    private static boolean holdsAtStart(Expression condition) {
        return switch (condition) {
            case Expression.Not not -> !holdsAtStart(not.operand());
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case "and" -> holdsAtStart(binary.left()) && holdsAtStart(binary.right());
                    case "or" -> holdsAtStart(binary.left()) || holdsAtStart(binary.right());
                    case "=" -> Constants.data(binary.left()).equals(Constants.data(binary.right()));
                    case "!=" -> !Constants.data(binary.left()).equals(Constants.data(binary.right()));
                    default -> false;
                };
            case Expression.Call call
            when call.function().equals(ExpressionText.OTHERWISE) ->
                !holdsAtStart(call.arguments().getFirst());
            case Expression.Name name -> name.name().equalsIgnoreCase("true");
            case Expression.Constant _, Expression.Numeral _, Expression.OfOption _, Expression.Call _ -> false;
        };
    }

    private boolean isSet(String variable) {
        return global.all().stream()
                .anyMatch(scope -> scope.sets.stream()
                        .anyMatch(held -> held.value().target().equals(variable)));
    }

    /** A statement that sets a variable, and the condition on which it does so; null for always. */
    private record Guarded(Held<Action> set, @Nullable Expression when) {}

    private static List<Guarded> sets(String variable, Use use) {
        List<Guarded> all = new ArrayList<>();
        boolean inEvent = use.chain.stream().anyMatch(scope -> scope.kind() == Scope.Kind.EVENT);
        for (Scope scope : use.chain) {
            if (scope.kind() != Scope.Kind.CONDITION) {
                List<Guarded> found = new ArrayList<>();
                if (inEvent) {
                    // dhcpd keeps what was set at another event with the lease.
                    Use earlier = new Use(use.chain, null, false);
                    scope.children.stream()
                            .filter(child -> child.kind() == Scope.Kind.EVENT && !use.chain.contains(child))
                            .forEach(child -> gather(child, null, variable, earlier, all));
                }
                gather(scope, null, variable, use, found);
                found.sort(Comparator.comparingInt(each -> each.set.entry().number()));
                all.addAll(found);
            }
        }
        return all;
    }

    private static void gather(Scope scope, @Nullable Expression when, String variable, Use use, List<Guarded> found) {
        for (Held<Action> set : scope.sets) {
            boolean late = use.before != null && !use.before.isBehind(set.entry());
            if (set.value().target().equals(variable) && !late) {
                found.add(new Guarded(set, when));
            }
        }
        for (Scope child : scope.children) {
            Expression own = child.when;
            if (child.kind() == Scope.Kind.CONDITION && own != null) {
                boolean holds = use.chain.contains(child);
                Expression both = when == null ? own : new Expression.Binary(own.at(), "and", when, own);
                gather(child, holds ? when : both, variable, use, found);
            }
        }
    }

    private Expression host(Place at, List<Scope> chain) throws Unmappable {
        for (Scope scope : chain.reversed()) {
            if (scope.kind() == Scope.Kind.HOST) {
                return text(at, scope.name());
            }
        }
        List<Scope> hosts = global.all().stream()
                .filter(scope -> scope.kind() == Scope.Kind.HOST)
                .toList();
        if (hosts.size() > HOSTS_MAX) {
            throw new Unmappable(
                    "it looked at the host's name, of which there are many", "set it for the reservations");
        }
        Expression value = new Expression.Call(at, NOTHING, List.of());
        for (Scope host : hosts.reversed()) {
            for (Expression is : clients(at, host)) {
                value = new Expression.Call(at, CHOICE, List.of(is, text(at, host.name()), value));
            }
        }
        return value;
    }

    private static List<Expression> clients(Place at, Scope host) {
        List<Expression> clients = new ArrayList<>();
        host.hardware.forEach(held -> clients.add(new Expression.Binary(
                at,
                "=",
                new Expression.Name(at, "hardware"),
                new Expression.Constant(
                        at,
                        Scope.joined(
                                Octets.of((byte) held.value().type()),
                                held.value().address())))));
        host.identifiers.forEach(held -> clients.add(new Expression.Binary(
                at,
                "=",
                new Expression.OfOption(
                        at, Expression.Source.OPTION, new OptionName(OptionName.DHCP, "dhcp-client-identifier")),
                new Expression.Constant(at, held.value()))));
        return clients;
    }

    private static Expression text(Place at, String text) {
        return new Expression.Constant(at, Octets.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
