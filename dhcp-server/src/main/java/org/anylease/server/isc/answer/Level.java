package org.anylease.server.isc.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/** A declaration: the statements that are executed for whom it applies to, and the declarations within it. */
final class Level {
    /** What declares it. */
    enum Kind {
        GLOBAL,
        GROUP,
        SHARED,
        SUBNET,
        POOL,
        HOST,
        CLASS,
        SUBCLASS
    }

    /** Addresses that are given out, and where a file says so. */
    record Given(AddressRange range, Place at) {}

    final Kind kind;
    final @Nullable Level parent;
    final String name;
    final @Nullable Place at;
    final List<Level> children = new ArrayList<>();
    final List<Statement> statements = new ArrayList<>();
    final List<Given> ranges = new ArrayList<>();
    final List<Statement.Permission> permissions = new ArrayList<>();
    final List<Octets> hardware = new ArrayList<>();
    final List<Octets> identifiers = new ArrayList<>();
    final List<Ipv4> addresses = new ArrayList<>();
    final List<Statement.Matching> matchings = new ArrayList<>();

    /** Of a subclass: what its class's expression must come to. */
    @Nullable
    Expression member;

    /** Of a subnet. */
    @Nullable
    Prefix prefix;

    Level(Kind kind, @Nullable Level parent, String name, @Nullable Place at) {
        this.kind = kind;
        this.parent = parent;
        this.name = name;
        this.at = at;
        if (parent != null) {
            parent.children.add(this);
        }
    }

    /** From the outermost level to this one. */
    List<Level> chain() {
        List<Level> chain = new ArrayList<>();
        for (Level level = this; level != null; level = level.parent) {
            chain.addFirst(level);
        }
        return chain;
    }

    /** The nearest level of a kind around, this one included. */
    Optional<Level> around(Kind wanted) {
        return chain().reversed().stream().filter(level -> level.kind == wanted).findFirst();
    }

    /** The link that it lies on: its shared network, or else its subnet. */
    Optional<Level> link() {
        return around(Kind.SHARED).or(() -> around(Kind.SUBNET));
    }

    /** All levels within of a kind, in the order of the file. */
    List<Level> all(Kind wanted) {
        List<Level> found = new ArrayList<>();
        List<Level> open = new ArrayList<>(List.of(this));
        while (!open.isEmpty()) {
            Level next = open.removeLast();
            if (next.kind == wanted) {
                found.add(next);
            }
            open.addAll(next.children.reversed());
        }
        return found;
    }
}
