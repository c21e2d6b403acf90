package org.anylease.server.isc.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Modifier;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/** What a declaration says, and the declarations within it. */
final class Scope {
    /** What declares it. */
    enum Kind {
        GLOBAL,
        GROUP,
        SHARED,
        SUBNET,
        POOL,
        HOST,
        CLASS,
        /** A member of a class. */
        SUBCLASS,
        /** What holds on a condition. */
        CONDITION,
        /** What is done when something happens to a lease; its name lists what. */
        EVENT
    }

    /** One statement's part in an option's value. */
    record Use(Modifier how, Expression value) {}

    private final Kind kind;
    private final @Nullable Scope parent;
    private final String name;
    private final Ledger.@Nullable Entry entry;

    /** Options of the message, by code, in the order in which they are said. */
    final SortedMap<Integer, List<Held<Use>>> options = new TreeMap<>();

    /** Options of other spaces, by space and code. */
    final SortedMap<String, SortedMap<Long, List<Held<Use>>>> spaced = new TreeMap<>();

    /** Parameters by name: the last one counts. */
    final SortedMap<String, Held<String>> values = new TreeMap<>();

    /** What of {@code filename}, {@code server-name} and {@code next-server} is said: the last one counts. */
    final SortedMap<String, Held<Expression>> fields = new TreeMap<>();

    /** What sets variables, in order. */
    final List<Held<Statement.Action>> sets = new ArrayList<>();

    /** What is logged or executed. */
    final List<Held<Statement.Action>> doings = new ArrayList<>();

    final List<Held<AddressRange>> ranges = new ArrayList<>();

    /** Those of the ranges that BOOTP clients may have addresses of. */
    final List<Held<AddressRange>> bootpRanges = new ArrayList<>();

    final List<Held<Statement.Permission>> permissions = new ArrayList<>();
    final List<Held<Statement.Hardware>> hardware = new ArrayList<>();
    final List<Held<Octets>> identifiers = new ArrayList<>();
    final List<Held<Ipv4>> addresses = new ArrayList<>();
    final List<Held<Statement.Matching>> matchings = new ArrayList<>();
    final List<Scope> children = new ArrayList<>();

    /** Of what holds on a condition: when; of a subclass: the value that it is for. */
    @Nullable
    Expression when;

    /** Of a subnet. */
    @Nullable
    Prefix prefix;

    Scope(Kind kind, @Nullable Scope parent, String name, Ledger.@Nullable Entry entry) {
        this.kind = kind;
        this.parent = parent;
        this.name = name;
        this.entry = entry;
        if (parent != null) {
            parent.children.add(this);
        }
    }

    Kind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    /** The declaration's entry. */
    Ledger.Entry entry() {
        Ledger.Entry known = entry;
        if (known == null) {
            throw new IllegalStateException("the outermost scope is no statement");
        }
        return known;
    }

    /** The scope around; the outermost one's is itself. */
    Scope outer() {
        Scope around = parent;
        return around == null ? this : around;
    }

    /** From the outermost scope to this one. */
    List<Scope> chain() {
        List<Scope> chain = new ArrayList<>();
        for (Scope scope = this; scope != null; scope = scope.parent) {
            chain.addFirst(scope);
        }
        return chain;
    }

    /** The nearest scope around of a kind, this one included. */
    Optional<Scope> around(Kind wanted) {
        return chain().reversed().stream().filter(scope -> scope.kind == wanted).findFirst();
    }

    /** All scopes within, in order, this one first. */
    List<Scope> all() {
        List<Scope> all = new ArrayList<>();
        List<Scope> open = new ArrayList<>(List.of(this));
        while (!open.isEmpty()) {
            Scope next = open.removeLast();
            all.add(next);
            open.addAll(next.children.reversed());
        }
        return all;
    }

    /** A parameter's value, of the innermost scope of a chain that has one. */
    static Optional<Held<String>> value(List<Scope> chain, String parameter) {
        return chain.reversed().stream()
                .map(scope -> scope.values.get(parameter))
                .filter(held -> held != null)
                .findFirst();
    }

    /** What an option has become when every scope of a chain has had its say; nothing when it is not set. */
    static Optional<Expression> option(List<Scope> chain, int code) {
        return folded(chain.stream()
                .flatMap(scope -> scope.options.getOrDefault(code, List.of()).stream())
                .toList());
    }

    /** The value that some uses come to in their order. */
    static Optional<Expression> folded(List<Held<Use>> uses) {
        Expression value = null;
        for (Held<Use> use : uses) {
            Expression given = use.value().value();
            value = switch (use.value().how()) {
                case OPTION, SEND, SUPERSEDE -> given;
                case DEFAULT -> value == null ? given : value;
                case PREPEND -> value == null ? given : both(given, value);
                case APPEND -> value == null ? given : both(value, given);
            };
        }
        return Optional.ofNullable(value);
    }

    private static Expression both(Expression one, Expression other) {
        return new Expression.Call(one.at(), "concat", List.of(one, other));
    }

    static Octets joined(Octets one, Octets other) {
        byte[] both = new byte[one.length() + other.length()];
        one.copyTo(both, 0);
        other.copyTo(both, one.length());
        return Octets.of(both);
    }
}
