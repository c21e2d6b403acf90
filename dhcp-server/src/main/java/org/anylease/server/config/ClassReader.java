package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.anylease.server.config.LevelReader.Scope;
import org.anylease.server.expression.Expression;
import org.anylease.server.expression.OptionNames;
import org.anylease.store.address.Octets;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.ServingRules;
import org.anylease.store.lease.ClassMembership;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/** Reads the classes of clients, and what pools say of them. */
final class ClassReader {
    private static final int CLASSES_MAX = 1_000;
    private static final int LEASES_MAX = 1_000_000;
    private static final List<String> WORDS =
            List.of(PoolAccess.KNOWN, PoolAccess.UNKNOWN, PoolAccess.ALL, PoolAccess.BOOTP);

    private final OptionNames names;
    private final Map<String, ClientClass> classes = new TreeMap<>();
    private final TreeSet<String> declared = new TreeSet<>();
    private final TreeSet<String> ofPools = new TreeSet<>();
    private List<ClientClass> inOrder = List.of();

    ClassReader(OptionNames names) {
        this.names = names;
    }

    /** The classes read, those first that go before others. */
    List<ClientClass> classes() {
        return inOrder;
    }

    void read(Cursor cursor, Scope scope) {
        Map<String, Cursor> entries = cursor.entries("classes");
        if (entries.size() > CLASSES_MAX) {
            cursor.error("there are too many classes", "at most " + CLASSES_MAX);
            return;
        }
        List<ClientClass> found = new ArrayList<>();
        entries.forEach((name, entry) -> {
            declared.add(name);
            Notation.key(entry, name, Notation::name);
            if (WORDS.contains(name)) {
                entry.atKey().error("'" + name + "' has a meaning of its own in pools", "another name");
            }
            one(name, entry, scope).ifPresent(found::add);
        });
        found.forEach(each -> classes.put(each.name(), each));
        inOrder = List.copyOf(found);
    }

    private Optional<ClientClass> one(String name, Cursor cursor, Scope scope) {
        Section section = new Section(cursor, Concept.CLASS);
        Expression match = expression(section, "match");
        Expression spawn = expression(section, "spawn-by");
        Expression memberBy = expression(section, "member-by");
        int limit = limit(section);
        Optional<Cursor> members = section.take("members");
        List<ClientClass.Member> values =
                members.map(value -> members(value, scope)).orElse(List.of());
        LevelSettings level = LevelReader.level(section, scope);
        section.done();
        boolean said = List.of("match", "spawn-by", "member-by").stream()
                .anyMatch(key -> section.take(key).isPresent());
        if (!said) {
            cursor.atKey().error("nothing says who is a member of class '" + name + "'", "'match' or 'spawn-by'");
        }
        boolean byValue = match != null && !match.isCondition();
        Expression key = spawn != null ? spawn : memberBy != null ? memberBy : byValue ? match : null;
        if (!agrees(section, match, spawn, memberBy) || (match == null && key == null)) {
            return Optional.empty();
        }
        return Optional.of(new ClientClass(
                name,
                match != null && !byValue ? match.text() : null,
                key == null ? null : key.text(),
                spawn != null,
                limit,
                values,
                level.replies(),
                times(level.times())));
    }

    /** Whether what says who is a member goes together. */
    private static boolean agrees(
            Section section, @Nullable Expression match, @Nullable Expression spawn, @Nullable Expression memberBy) {
        boolean listed = section.take("members").isPresent();
        if (spawn != null && spawn.isCondition()) {
            return mistaken(section, "spawn-by", "a condition has no values", "octets, such as relay.circuit-id");
        }
        if (memberBy != null && memberBy.isCondition()) {
            return mistaken(section, "member-by", "a condition has no values", "octets, such as hardware");
        }
        if (memberBy != null && spawn != null) {
            return mistaken(section, "member-by", "beside 'spawn-by' there are values already", "one of both");
        }
        if (match != null && !match.isCondition() && (spawn != null || memberBy != null)) {
            String beside = spawn != null ? "spawn-by" : "member-by";
            return mistaken(section, "match", "beside '" + beside + "' stand octets here", "a condition");
        }
        if (match != null && !match.isCondition() && !listed) {
            return mistaken(
                    section,
                    "match",
                    "these are octets, and no 'members' say which values belong to the class",
                    "a condition, or 'members'");
        }
        if (memberBy != null && !listed) {
            return mistaken(section, "member-by", "no 'members' say which values belong to the class", "'members'");
        }
        if (listed && match != null && match.isCondition() && spawn == null && memberBy == null) {
            section.take("members")
                    .orElseThrow()
                    .atKey()
                    .error(
                            "members are told apart by octets, and 'match' is a condition",
                            "octets in 'match', 'member-by' or 'spawn-by'");
            return false;
        }
        return true;
    }

    private static boolean mistaken(Section section, String key, String what, String valid) {
        section.take(key).orElseThrow().error(what, valid);
        return false;
    }

    private @Nullable Expression expression(Section section, String key) {
        return section.take(key)
                .flatMap(value -> ComputedReader.expression(value, names, Expression::compile))
                .orElse(null);
    }

    private static int limit(Section section) {
        Long limit = section.read("lease-limit", Notation.number(1, LEASES_MAX));
        return limit == null ? 0 : limit.intValue();
    }

    private List<ClientClass.Member> members(Cursor cursor, Scope scope) {
        Map<Octets, Integer> lines = new TreeMap<>();
        List<ClientClass.Member> members = new ArrayList<>();
        if (cursor.value() instanceof YamlValue.Mapping) {
            cursor.entries("members")
                    .forEach((text, entry) -> Notation.key(entry, text, Expression::literal)
                            .ifPresent(value -> add(member(value, entry, scope), entry, lines, members::add)));
        } else {
            for (Cursor item : cursor.items()) {
                item.read(Expression::literal)
                        .ifPresent(value ->
                                add(new ClientClass.Member(value, 0, ReplySettings.NONE), item, lines, members::add));
            }
        }
        return members;
    }

    private static void add(
            ClientClass.Member member, Cursor at, Map<Octets, Integer> lines, Consumer<ClientClass.Member> members) {
        Integer before = lines.putIfAbsent(member.value(), at.key().line());
        if (before != null) {
            at.atKey().error("this value stands here already, on line " + before, "");
        } else {
            members.accept(member);
        }
    }

    private static ClientClass.Member member(Octets value, Cursor entry, Scope scope) {
        Section section = new Section(entry, Concept.CLASS_MEMBER);
        int limit = limit(section);
        var options = section.take("options").map(scope.options()::read).orElse(OptionsReader.Values.NONE);
        ReplySettings boot = LevelReader.boot(section, scope.options());
        ServingRules serving = ServingReader.serving(section);
        section.done();
        return new ClientClass.Member(value, limit, options.with(boot, serving));
    }

    private static ClassTimes times(LeaseTimeSettings said) {
        try {
            return new ClassTimes(said.minimum(), said.lease(), said.maximum());
        } catch (IllegalArgumentException e) {
            // Told already, where the times are read.
            return ClassTimes.NONE;
        }
    }

    /** Who may have the addresses of a pool. */
    PoolAccess access(Section pool) {
        return new PoolAccess(named(pool, "allow"), named(pool, "deny"));
    }

    private List<String> named(Section pool, String key) {
        List<String> found = new ArrayList<>();
        for (Cursor item : pool.take(key).map(Cursor::items).orElse(List.of())) {
            item.text("a class").ifPresent(name -> {
                if (!declared.contains(name) && !WORDS.contains(name)) {
                    List<String> known = new ArrayList<>(declared);
                    known.addAll(WORDS);
                    item.error("there is no class '" + name + "'", item.insteadOf(name, known));
                } else {
                    ofPools.add(name);
                    found.add(name);
                }
            });
        }
        return found;
    }

    /** What is kept of a client with each of its leases is bounded; a class that only carries options is not kept. */
    void check(Cursor cursor) {
        int bytes = 0;
        for (ClientClass each : inOrder) {
            if (ofPools.contains(each.name()) || each.isKept()) {
                boolean counted = each.isLimited() && each.key() != null;
                bytes += 2 + each.name().length() + (counted ? ClassMembership.VALUE_MAX : 0);
            }
        }
        if (bytes > LeaseClient.CLASSES_BYTES_MAX) {
            cursor.error(
                    "the classes that pools, limits and lease times speak of take " + bytes + " octets of each lease",
                    "at most " + LeaseClient.CLASSES_BYTES_MAX + ": 2 and the name for each, and "
                            + ClassMembership.VALUE_MAX + " more where values are counted; shorter names, or fewer");
        }
    }
}
