package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.anylease.server.isc.syntax.Expression;

/**
 * Makes classes of what holds on a condition. A class goes before all levels but reservations, while to dhcpd an inner
 * declaration goes before a condition further out: where one says the same, the class is not for the networks in it.
 */
final class ConditionText {
    /** A class here. */
    record Part(String name, String match, Scope scope) {}

    private final ExpressionText expressions;
    private final ConditionPlace places;
    private final ClassPlan plan;
    private final Substitution substitution;

    ConditionText(ExpressionText expressions, ConditionPlace places, ClassPlan plan, Substitution substitution) {
        this.substitution = substitution;
        this.expressions = expressions;
        this.places = places;
        this.plan = plan;
    }

    /** The classes that a scope with a condition comes to, and none where that cannot be said here. */
    List<Part> parts(Scope condition) {
        SortedMap<String, Scope> byExclusion = new TreeMap<>();
        List<Part> parts = new ArrayList<>();
        Ledger.Entry entry = condition.entry();
        try {
            String match = match(condition);
            divide(condition, byExclusion);
            for (Map.Entry<String, Scope> part : byExclusion.entrySet()) {
                String whole = part.getKey().isEmpty() ? match : ExpressionText.all(nonEmpty(match, part.getKey()));
                parts.add(new Part(plan.name(condition.name() + "-" + entry.at().line()), whole, part.getValue()));
            }
        } catch (Unmappable e) {
            entry.refuse(e.what(), e.instead());
            return List.of();
        }
        if (!parts.isEmpty() && places.isOneOfSeveral(anchor(condition))) {
            entry.differs("it goes by where the client's packet came from, not by the address that it gets", "");
        } else if (!parts.isEmpty()) {
            entry.converted("it is a class");
        } else if (!condition.children.isEmpty()) {
            entry.converted("it is part of the conditions within");
        }
        return parts;
    }

    /** The declaration that a condition stands in. */
    static Scope anchor(Scope condition) {
        Scope scope = condition;
        while (scope.kind() == Scope.Kind.CONDITION) {
            scope = scope.outer();
        }
        return scope;
    }

    private String match(Scope condition) throws Unmappable {
        List<String> all = new ArrayList<>();
        for (Scope scope : condition.chain()) {
            if (scope.kind() == Scope.Kind.CONDITION && scope.when != null) {
                all.add(expressions.conjunct(
                        substitution.inPlace(scope.when, scope.outer().chain(), scope.entry())));
            }
        }
        all.add(places.of(anchor(condition)));
        return ExpressionText.all(nonEmpty(all.toArray(String[]::new)));
    }

    private static List<String> nonEmpty(String... conditions) {
        return List.of(conditions).stream().filter(one -> !one.isEmpty()).toList();
    }

    private void divide(Scope condition, SortedMap<String, Scope> parts) {
        Scope around = condition.outer();
        condition.options.forEach((code, uses) -> {
            boolean lost = around.options.getOrDefault(code, List.of()).stream()
                    .anyMatch(other -> other.entry().isBehind(uses.getLast().entry()));
            uses.forEach(use -> lost(use.entry(), lost));
            if (!lost) {
                String excluded = excluded(condition, scope -> scope.options.containsKey(code), uses.getLast());
                part(condition, parts, excluded).options.put(code, uses);
            }
        });
        condition.values.forEach((name, held) -> {
            Held<String> other = around.values.get(name);
            boolean lost = other != null && other.entry().isBehind(held.entry());
            lost(held.entry(), lost);
            if (!lost && isOfLevel(name)) {
                String excluded = excluded(condition, scope -> scope.values.containsKey(name), held);
                part(condition, parts, excluded).values.put(name, held);
            }
        });
        condition.fields.forEach((name, held) -> {
            Held<Expression> other = around.fields.get(name);
            boolean lost = other != null && other.entry().isBehind(held.entry());
            lost(held.entry(), lost);
            if (!lost) {
                String excluded = excluded(condition, scope -> scope.fields.containsKey(name), held);
                part(condition, parts, excluded).fields.put(name, held);
            }
        });
        if (!condition.spaced.isEmpty()) {
            part(condition, parts, "").spaced.putAll(condition.spaced);
        }
    }

    private static boolean isOfLevel(String name) {
        return switch (name) {
            case "min-lease-time", "default-lease-time", "max-lease-time" -> true;
            default -> name.equals("vendor-option-space") || name.equals("site-option-space");
        };
    }

    private static void lost(Ledger.Entry entry, boolean lost) {
        if (lost) {
            entry.converted("a later one in the same place counts");
        }
    }

    private static Scope part(Scope condition, SortedMap<String, Scope> parts, String excluded) {
        return parts.computeIfAbsent(
                excluded, _ -> new Scope(Scope.Kind.CONDITION, null, condition.name(), condition.entry()));
    }

    /** The condition that nothing further in says the same. */
    private String excluded(Scope condition, Predicate<Scope> says, Held<?> held) {
        Scope anchor = anchor(condition);
        List<String> names = new ArrayList<>();
        for (Scope inner : anchor.all()) {
            boolean level = switch (inner.kind()) {
                case GROUP, SHARED, SUBNET, POOL -> inner != anchor;
                case GLOBAL, HOST, CLASS, SUBCLASS, CONDITION, EVENT -> false;
            };
            if (!level || !says.test(inner)) {
                continue;
            }
            List<String> whole = places.networksIn(inner);
            names.addAll(whole);
            boolean hosts = inner.all().stream().anyMatch(scope -> scope.kind() == Scope.Kind.HOST);
            if (whole.isEmpty() && !(inner.kind() == Scope.Kind.GROUP && hosts)) {
                held.entry()
                        .differs(
                                "it goes before what the declaration on line "
                                        + inner.entry().at().line() + " says",
                                "allow classes in that pool, if it matters");
            }
        }
        List<String> distinct =
                names.stream().distinct().map(name -> "\"" + name + "\"").toList();
        return distinct.isEmpty()
                ? ""
                : distinct.size() == 1
                        ? "network != " + distinct.getFirst()
                        : "not network in [" + String.join(", ", distinct) + "]";
    }
}
