package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.Statement.Match;
import org.anylease.server.isc.syntax.Statement.Matching;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** The classes of the files, and how ours find their members. */
final class ClassPlan {
    private static final String BY_HAND = "write a class by hand";

    /** A class here: a condition, or octets with the values that belong to it, or octets that are counted by. */
    static final class Planned {
        final Scope scope;
        final String name;
        String condition = "";

        /** The condition, in brackets where others beside it ask for that. */
        String conjunct = "";

        String octets = "";
        boolean spawns;
        final SortedMap<Octets, Scope> members = new TreeMap<>();

        private Planned(Scope scope, String name) {
            this.scope = scope;
            this.name = name;
        }

        /** The condition that a client is a member. */
        String membership() {
            if (octets.isEmpty()) {
                return conjunct;
            }
            List<String> values =
                    members.keySet().stream().map(ExpressionText::constant).toList();
            return guarded(spawns ? "exists(" + octets + ")" : octets + " in [" + String.join(", ", values) + "]");
        }

        /** The condition that a client is a member by a value. */
        String membership(Octets value) {
            return guarded(octets + " == " + ExpressionText.constant(value));
        }

        private String guarded(String byValue) {
            return conjunct.isEmpty() ? byValue : conjunct + " and " + byValue;
        }
    }

    private final SortedMap<String, Planned> byName = new TreeMap<>();
    private final List<Planned> inOrder = new ArrayList<>();
    private final SortedSet<String> names = new TreeSet<>();
    private final ExpressionText expressions;

    private ClassPlan(ExpressionText expressions) {
        this.expressions = expressions;
    }

    /** Plans all classes, and settles what says who is a member. */
    static ClassPlan of(Scope global, ExpressionText expressions) {
        ClassPlan plan = new ClassPlan(expressions);
        plan.names.addAll(
                List.of("known", "unknown", "all", "bootp", KnownHosts.BY_HARDWARE, KnownHosts.BY_IDENTIFIER));
        List<Scope> all = global.all();
        SortedMap<String, Planned> declared = new TreeMap<>();
        all.stream().filter(scope -> scope.kind() == Scope.Kind.CLASS).forEach(scope -> {
            Planned planned = new Planned(scope, plan.name(scope.name()));
            if (declared.putIfAbsent(scope.name(), planned) != null) {
                scope.entry().refuse("it goes on with a class that stands before it", "write both as one");
            } else {
                plan.read(planned);
            }
        });
        all.stream()
                .filter(scope -> scope.kind() == Scope.Kind.SUBCLASS)
                .forEach(scope -> plan.member(scope, declared.get(scope.name())));
        declared.values().stream()
                .sorted((a, b) -> a.scope.entry().isBehind(b.scope.entry()) ? 1 : -1)
                .forEach(plan::settle);
        return plan;
    }

    /** A name that our configuration takes, and that no class has yet. */
    String name(String wanted) {
        String plain = wanted.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
        String start = plain.isEmpty() ? "class" : plain.substring(0, Math.min(plain.length(), 56));
        String name = start;
        for (int i = 2; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
            name = start + "-" + i;
        }
        return name;
    }

    private void read(Planned planned) {
        try {
            for (Held<Matching> held : planned.scope.matchings) {
                matching(planned, held);
            }
            planned.scope.matchings.forEach(held -> held.entry().converted());
        } catch (Unmappable e) {
            planned.scope.entry().refuse("nothing here tells its members: " + e.what(), BY_HAND);
        }
    }

    private void matching(Planned planned, Held<Matching> held) throws Unmappable {
        Matching matching = held.value();
        boolean isCondition = matching.how() == Match.MATCH_IF;
        boolean said = isCondition ? !planned.condition.isEmpty() : !planned.octets.isEmpty();
        try {
            if (said) {
                throw new Unmappable("the class is told by something else already", "write two classes");
            }
            if (isCondition) {
                planned.condition = expressions.condition(matching.expression());
                planned.conjunct = expressions.conjunct(matching.expression());
            } else {
                planned.octets = expressions.octets(matching.expression());
                planned.spawns = matching.how() == Match.SPAWN_WITH;
            }
        } catch (Unmappable e) {
            held.entry().refuse(e.what(), e.instead());
            throw e;
        }
    }

    private void member(Scope scope, @Nullable Planned of) {
        if (of == null) {
            scope.entry().malformed("there is no class '" + scope.name() + "'");
            return;
        }
        if (of.scope.entry().isSettled()) {
            scope.entry().refuse("its class is not converted", "see the class");
            return;
        }
        Optional<Octets> value =
                Optional.ofNullable(scope.when).flatMap(Constants::data).filter(octets -> !octets.isEmpty());
        if (of.octets.isEmpty() || value.isEmpty()) {
            scope.entry()
                    .refuse(
                            of.octets.isEmpty()
                                    ? "its class has no value to compare with"
                                    : "its value is empty, or computed for each client",
                            "write a class by hand");
        } else if (of.members.putIfAbsent(value.get(), scope) != null) {
            scope.entry().refuse("the class has a member of that value already", "leave one of them out");
        } else {
            scope.entry().converted();
        }
    }

    private void settle(Planned planned) {
        Ledger.Entry entry = planned.scope.entry();
        if (entry.isSettled()) {
            return;
        }
        if (planned.condition.isEmpty() && planned.octets.isEmpty()) {
            entry.refuse("nothing says who is a member of it", "leave it out");
        } else if (!planned.octets.isEmpty() && !planned.spawns && planned.members.isEmpty()) {
            entry.refuse("it has no members: there is no subclass of it", "leave it out");
        } else {
            entry.converted();
            byName.put(planned.scope.name(), planned);
            inOrder.add(planned);
        }
    }

    /** Our class for one of the files; nothing where it is not converted. */
    Optional<Planned> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All that are converted, in the order of the files. */
    List<Planned> all() {
        return inOrder;
    }
}
