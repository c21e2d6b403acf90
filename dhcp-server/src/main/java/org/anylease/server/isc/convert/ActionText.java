package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Statement.Action;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Octets;

/** Makes actions of what is logged or executed when something happens to a lease. */
final class ActionText {
    private static final String OVERTAKEN = "a later 'on' of the same event counts";

    private final ExpressionText expressions;
    private final Substitution substitution;
    private final ConditionPlace places;
    private final SortedMap<String, String> commands = new TreeMap<>();

    ActionText(ClassText.Source source, ConditionPlace places) {
        expressions = source.expressions().ofAction();
        substitution = source.substitution();
        this.places = places;
    }

    /** The files that are executed, by the names that actions call them by. */
    SortedMap<String, String> commands() {
        return commands;
    }

    void write(YamlText out, Scope global) {
        int before = out.length();
        out.line("");
        out.open("actions");
        int start = out.length();
        EventOrder order = new EventOrder(global);
        for (Scope scope : global.all()) {
            for (Held<Action> doing : scope.doings) {
                try {
                    one(out, scope, doing, order);
                } catch (Unmappable e) {
                    doing.entry().refuse(e.what(), e.instead());
                }
            }
        }
        out.close();
        if (out.length() == start) {
            out.cut(before);
        }
    }

    private void one(YamlText out, Scope scope, Held<Action> doing, EventOrder order) throws Unmappable {
        Action action = doing.value();
        Optional<Scope> event = scope.around(Scope.Kind.EVENT);
        Optional<SequencedSet<String>> events = event.map(order::left);
        if (events.isPresent() && events.get().isEmpty()) {
            scope.chain().stream()
                    .filter(each -> each.kind() == Scope.Kind.CONDITION || each.kind() == Scope.Kind.EVENT)
                    .forEach(each -> each.entry().converted(OVERTAKEN));
            doing.entry().converted(OVERTAKEN);
            return;
        }
        String match = match(scope);
        boolean logs = action.word().equals("log");
        String what = logs ? single(text(action.arguments().getFirst(), scope, doing)) : run(scope, doing);
        out.open(action.word() + "-" + doing.entry().at().line() + "-"
                + doing.entry().at().column());
        out.entry("at", events.map(ActionText::list).orElse("commit"));
        if (!match.isEmpty()) {
            out.entry("match", single(match));
        }
        out.entry(logs ? "log" : "run", what);
        boolean loud = action.target().equals("error") || action.target().equals("fatal");
        if (logs && loud) {
            out.entry("level", "error");
        }
        out.close();
        event.ifPresent(on -> {
            if (order.isOvertaken(on)) {
                on.entry()
                        .differs(
                                "dhcpd does only the innermost 'on' of an event, or the last in one place; here each is"
                                        + " done",
                                "exclude the place in 'match'");
            } else {
                on.entry().converted("what it logs and executes are actions");
            }
        });
        if (event.isEmpty()) {
            doing.entry().differs("it is done when a client is told of its lease, not at every packet", "");
        } else if (logs) {
            doing.entry().converted("it is an action");
        } else {
            doing.entry()
                    .differs(
                            "it runs apart from the packets, and only where a server allows it",
                            "see 'commands' of server.yaml");
        }
    }

    private static String list(SequencedSet<String> events) {
        return events.size() == 1 ? events.getFirst() : events.toString();
    }

    private String match(Scope scope) throws Unmappable {
        List<String> all = new ArrayList<>();
        Scope anchor = scope;
        for (Scope each : scope.chain()) {
            if (each.kind() == Scope.Kind.CONDITION && each.when != null) {
                each.entry().converted("it is a condition of what is done");
                all.add(expressions.conjunct(
                        substitution.inPlace(each.when, each.outer().chain(), each.entry())));
            }
        }
        while (anchor.kind() == Scope.Kind.CONDITION || anchor.kind() == Scope.Kind.EVENT) {
            anchor = anchor.outer();
        }
        all.add(anchor.kind() == Scope.Kind.POOL ? addresses(anchor) : places.of(anchor));
        all.removeIf(String::isEmpty);
        return expressions.checkedAll(all);
    }

    /** Unlike a class, an action knows the address. */
    private static String addresses(Scope pool) {
        List<String> ranges = new ArrayList<>();
        for (Held<AddressRange> held : pool.ranges) {
            AddressRange range = held.value();
            ranges.add("lease.address >= " + range.first() + " and lease.address <= " + range.last());
        }
        return ranges.size() == 1 ? ranges.getFirst() : "(" + String.join(" or ", ranges) + ")";
    }

    private String run(Scope scope, Held<Action> doing) throws Unmappable {
        List<Expression> given = doing.value().arguments();
        Octets file = given.isEmpty()
                ? Octets.EMPTY
                : Constants.data(given.getFirst()).orElse(Octets.EMPTY);
        if (file.isEmpty()) {
            throw new Unmappable("what it executed was computed for each client", "write an action for each command");
        }
        List<String> words = new ArrayList<>();
        words.add(word(command(new String(file.toArray(), StandardCharsets.ISO_8859_1))));
        for (Expression argument : given.subList(1, given.size())) {
            words.add(single(text(argument, scope, doing)));
        }
        return "[" + String.join(", ", words) + "]";
    }

    private String command(String file) {
        String bare = file.substring(file.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9._-]", "-")
                .replaceAll("^[^a-z0-9]+", "");
        String start = bare.isEmpty() ? "command" : bare.substring(0, Math.min(bare.length(), 40));
        String name = start;
        for (int i = 2; !commands.getOrDefault(name, file).equals(file); i++) {
            name = start + "-" + i;
        }
        commands.put(name, file);
        return name;
    }

    /** As YAML reads it as text. */
    private static String word(String name) {
        boolean plain = name.matches("[a-z][a-z0-9._-]*") && !name.matches("true|false|null|yes|no|on|off");
        return plain ? name : OptionYaml.quoted(name);
    }

    private String text(Expression expression, Scope scope, Held<Action> doing) throws Unmappable {
        return expressions.octets(substitution.inPlace(expression, scope.chain(), doing.entry()));
    }

    private static String single(String expression) {
        return ClassText.single(expression);
    }
}
