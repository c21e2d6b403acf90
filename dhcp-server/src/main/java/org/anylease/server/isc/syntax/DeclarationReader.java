package org.anylease.server.isc.syntax;

import java.util.List;
import java.util.function.Function;
import org.anylease.server.isc.syntax.Statement.Hardware;
import org.anylease.server.isc.syntax.Statement.Kind;
import org.anylease.server.isc.syntax.Statement.Origin;
import org.anylease.server.isc.syntax.Statement.Range;
import org.anylease.server.isc.syntax.Statement.Setting;
import org.anylease.server.isc.syntax.Statement.Subclass;
import org.anylease.server.isc.syntax.Statement.Subnet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** Reads declarations, and the statements with addresses that stand in them. */
final class DeclarationReader {
    private final TokenReader tokens;
    private final ExpressionReader expressions;
    private final StatementReader statements;

    DeclarationReader(TokenReader tokens, ExpressionReader expressions, StatementReader statements) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.statements = statements;
    }

    /** What a word declares, its rest taken; null when it declares nothing, and nothing is taken. */
    @Nullable
    Statement declaration(Token start, String word) {
        return switch (word) {
            case "shared-network" -> statements.declared(start, Kind.SHARED_NETWORK, name("a name"));
            case "subnet" -> subnet(start);
            case "subnet6" -> statements.declared(start, Kind.SUBNET6, name("a prefix"));
            case "group" -> statements.declared(start, Kind.GROUP, tokens.isNext("{") ? "" : name("a name or '{'"));
            case "pool" -> statements.declared(start, Kind.POOL, "");
            case "pool6" -> statements.declared(start, Kind.POOL6, "");
            case "host" -> statements.declared(start, Kind.HOST, name("a name"));
            case "class", "user-class", "vendor-class" ->
                statements.declared(start, Kind.CLASS, tokens.string("the class's name"));
            case "subclass" -> subclass(start);
            case "failover" -> failover(start);
            case "zone" -> statements.declared(start, Kind.ZONE, name("a zone"));
            case "key" -> key(start);
            case "range" -> range(start);
            case "hardware" -> hardware(start);
            case "lease" -> lease(start);
            case "ia-na", "ia-ta", "ia-pd", "iaaddr", "iaprefix", "ia_na", "ia_ta", "ia_pd" ->
                statements.declared(start, Kind.LEASE6, name("an identity or address"));
            default -> null;
        };
    }

    /** A word with what touches it, or a text in quotes. */
    private String name(String what) {
        Token token = tokens.peek();
        boolean begins = token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.STRING || token.isMark(":");
        if (!begins) {
            throw tokens.failure("expected " + what);
        }
        return tokens.piece().text();
    }

    private Ipv4 address(String what) {
        if (tokens.peek().kind() != Token.Kind.WORD) {
            throw tokens.failure("expected " + what);
        }
        Piece piece = tokens.piece();
        try {
            return Ipv4.parse(piece.text());
        } catch (IllegalArgumentException e) {
            throw new SyntaxFailure(piece.at(), "'" + piece.text() + "' is no IPv4 address: expected " + what);
        }
    }

    private Statement subnet(Token start) {
        Ipv4 network = address("the subnet's address");
        tokens.expectWord("netmask");
        Token at = tokens.peek();
        int mask = address("a netmask").bits();
        int length = Integer.bitCount(mask);
        if (mask != (length == 0 ? 0 : -1 << (32 - length))) {
            throw new SyntaxFailure(at.at(), new Ipv4(mask) + " is no netmask: its ones are not in a row");
        }
        if ((network.bits() & ~mask) != 0) {
            throw new SyntaxFailure(
                    start.at(), network + " has bits that netmask " + new Ipv4(mask) + " does not cover");
        }
        Origin origin = statements.origin(start);
        return new Subnet(origin, network, length, statements.block());
    }

    private Statement subclass(Token start) {
        String ofClass = tokens.string("the class's name");
        Expression data = expressions.constant();
        if (tokens.isNext(";")) {
            return statements.end(start, origin -> new Subclass(origin, ofClass, data, List.of()));
        }
        Origin origin = statements.origin(start);
        return new Subclass(origin, ofClass, data, statements.block());
    }

    private Statement failover(Token start) {
        tokens.expectWord("peer");
        Piece peer = new Piece(tokens.peek().at(), name("the peer's name"), true);
        if (tokens.takeWord("state")) {
            return statements.declared(start, Kind.FAILOVER_STATE, peer.text());
        }
        if (tokens.isNext("{")) {
            return statements.declared(start, Kind.FAILOVER_PEER, peer.text());
        }
        return setting(start, "failover peer", peer);
    }

    private Statement setting(Token start, String name, Piece value) {
        return statements.end(start, origin -> new Setting(origin, name, new Value.Data(List.of(List.of(value)))));
    }

    private Statement key(Token start) {
        Piece key = new Piece(tokens.peek().at(), name("the key's name"), true);
        if (!tokens.isNext("{")) {
            return setting(start, "key", key);
        }
        return statements.declared(start, Kind.KEY, key.text());
    }

    private Statement range(Token start) {
        boolean bootp = tokens.takeWord("dynamic-bootp");
        Token at = tokens.peek();
        Ipv4 first = address("the first address");
        Ipv4 last = tokens.isNext(";") ? first : address("the last address");
        if (first.compareTo(last) > 0) {
            throw new SyntaxFailure(at.at(), first + " comes after " + last);
        }
        return statements.end(start, origin -> new Range(origin, bootp, first, last));
    }

    private Statement hardware(Token start) {
        Token word = tokens.word("a hardware type");
        int type = type(word);
        Octets address = tokens.isNext(";") ? Octets.EMPTY : expressions.octets();
        Function<Origin, Statement> made = origin -> new Hardware(origin, type, address);
        return statements.end(start, made);
    }

    /** The number that ARP has for a type of hardware. */
    private static int type(Token word) {
        String name = word.text();
        return switch (name) {
            case "ethernet" -> 1;
            case "token-ring" -> 6;
            case "fddi" -> 8;
            case "infiniband" -> 32;
            default -> {
                if (name.matches("unknown-[0-9]{1,3}")) {
                    yield Integer.parseInt(name.substring("unknown-".length())) & 0xff;
                }
                throw new SyntaxFailure(
                        word.at(),
                        "'" + name + "' is no hardware type (expected ethernet, token-ring, fddi, infiniband)");
            }
        };
    }

    private Statement lease(Token start) {
        if (tokens.takeWord("limit")) {
            return setting(
                    start,
                    "lease limit",
                    new Piece(tokens.peek().at(), tokens.word("a number").text(), false));
        }
        return statements.declared(
                start, Kind.LEASE, address("the leased address").toString());
    }
}
