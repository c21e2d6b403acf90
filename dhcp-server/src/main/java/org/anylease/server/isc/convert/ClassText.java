package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.anylease.server.expression.Expression;
import org.anylease.store.address.Octets;

/** Writes the classes, those first that go before others: hosts, classes with what holds in them, then from inside out. */
final class ClassText {
    /** What classes are made of. */
    record Source(ClassPlan classes, KnownHosts hosts, ExpressionText expressions, Substitution substitution) {}

    private final LevelText levels;
    private final Scope global;
    private final Source source;

    ClassText(LevelText levels, Scope global, Source source) {
        this.levels = levels;
        this.global = global;
        this.source = source;
    }

    void write(YamlText out, List<Networks.Network> networks) {
        ConditionPlace places = new ConditionPlace(networks, source.classes());
        ConditionText conditions =
                new ConditionText(source.expressions(), places, source.classes(), source.substitution());
        List<Scope> all = new ArrayList<>(global.all().stream()
                .filter(scope -> scope.kind() == Scope.Kind.CONDITION
                        && scope.around(Scope.Kind.EVENT).isEmpty())
                .toList()
                .reversed());
        all.sort(Comparator.comparingInt((Scope scope) -> scope.chain().size()).reversed());
        List<Scope> rest = new ArrayList<>(all);
        int before = out.length();
        out.line("");
        out.open("classes");
        int start = out.length();
        for (Scope scope : all) {
            if (isOfHosts(ConditionText.anchor(scope))) {
                condition(out, conditions, scope);
                rest.remove(scope);
            }
        }
        hosts(out, KnownHosts.BY_HARDWARE, "hardware", source.hosts().byHardware());
        hosts(out, KnownHosts.BY_IDENTIFIER, "client-id", source.hosts().byIdentifier());
        for (ClassPlan.Planned planned : source.classes().all()) {
            for (Scope scope : all) {
                Scope anchor = ConditionText.anchor(scope);
                if (anchor == planned.scope || planned.members.containsValue(anchor)) {
                    condition(out, conditions, scope);
                    rest.remove(scope);
                }
            }
            planned(out, planned);
        }
        rest.forEach(scope -> condition(out, conditions, scope));
        out.close();
        if (out.length() == start) {
            out.cut(before);
        }
    }

    private static boolean isOfHosts(Scope anchor) {
        return anchor.kind() == Scope.Kind.HOST
                || (anchor.kind() == Scope.Kind.GROUP
                        && anchor.all().stream().anyMatch(scope -> scope.kind() == Scope.Kind.HOST));
    }

    private void condition(YamlText out, ConditionText conditions, Scope condition) {
        for (ConditionText.Part part : conditions.parts(condition)) {
            SystemText.comment(out, condition);
            out.open(part.name());
            out.entry("match", single(part.match()));
            levels.write(out, condition.outer().chain(), List.of(part.scope()));
            out.close();
        }
    }

    private void hosts(YamlText out, String name, String key, SortedMap<Octets, Scope> hosts) {
        if (hosts.isEmpty()) {
            return;
        }
        out.comment("Hosts without an address of their own.");
        out.open(name);
        out.entry("match", key);
        members(out, List.of(global), hosts);
        out.close();
    }

    private void planned(YamlText out, ClassPlan.Planned planned) {
        SystemText.comment(out, planned.scope);
        out.open(planned.name);
        if (!planned.condition.isEmpty()) {
            out.entry("match", single(planned.condition));
        }
        if (!planned.octets.isEmpty()) {
            String key = planned.spawns ? "spawn-by" : planned.condition.isEmpty() ? "match" : "member-by";
            out.entry(key, single(planned.octets));
        }
        limit(out, planned.scope);
        List<Scope> outer = List.of(global);
        levels.write(out, outer, SystemText.after(outer, planned.scope.chain()));
        if (!planned.members.isEmpty()) {
            members(out, planned.scope.chain(), planned.members);
        }
        out.close();
    }

    /** Values, with what is said of each where anything is. */
    private void members(YamlText out, List<Scope> outer, SortedMap<Octets, Scope> members) {
        List<String> texts = new ArrayList<>();
        members.forEach((_, member) -> {
            YamlText inner = new YamlText();
            limit(inner, member);
            List<Scope> own =
                    member.kind() == Scope.Kind.SUBCLASS ? List.of(member) : SystemText.after(outer, member.chain());
            levels.replies(inner, outer, own);
            texts.add(inner.toString());
        });
        out.open("members");
        boolean bare = texts.stream().allMatch(String::isEmpty);
        int next = 0;
        for (Octets value : members.keySet()) {
            String text = texts.get(next++);
            if (bare) {
                out.line("- " + literal(value));
            } else if (text.isEmpty()) {
                out.entry(literal(value), "{}");
            } else {
                out.open(literal(value));
                text.lines().forEach(out::line);
                out.close();
            }
        }
        out.close();
    }

    private void limit(YamlText out, Scope scope) {
        Held<String> limit = scope.values.get("lease limit");
        if (limit == null) {
            return;
        }
        out.entry("lease-limit", limit.value());
        boolean reserved =
                global.all().stream().anyMatch(host -> host.kind() == Scope.Kind.HOST && !host.addresses.isEmpty());
        if (reserved) {
            limit.entry().differs("addresses that are reserved for members count as well", "");
        } else {
            limit.entry().converted();
        }
    }

    /** A value as our configuration takes it. */
    private static String literal(Octets value) {
        String text = new String(value.toArray(), StandardCharsets.ISO_8859_1);
        boolean plain = text.chars().allMatch(c -> c >= ' ' && c <= '~') && !text.startsWith("0x");
        if (plain && Expression.literal(text).equals(value)) {
            return OptionYaml.quoted(text);
        }
        return value.length() > 1 ? OptionYaml.quoted(value.toString()) : OptionYaml.hex(value);
    }

    /** An expression in single quotes, since it has double ones. */
    static String single(String expression) {
        return "'" + expression.replace("'", "''") + "'";
    }
}
