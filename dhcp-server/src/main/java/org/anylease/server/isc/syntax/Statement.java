package org.anylease.server.isc.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** A statement or declaration of a file. */
public sealed interface Statement {
    /**
     * Where it stands, and how it begins.
     *
     * @return its origin
     */
    Origin origin();

    /**
     * Where a statement stands, and how it begins.
     *
     * @param at where it starts
     * @param source the statement on one line, without its block, cut when it is long
     */
    record Origin(Place at, String source) {}

    /** What a declaration declares. */
    enum Kind {
        /** Subnets on one link. */
        SHARED_NETWORK,
        /** An IPv6 subnet. */
        SUBNET6,
        /** Statements for whatever stands within. */
        GROUP,
        /** Addresses with statements of their own. */
        POOL,
        /** IPv6 addresses with statements of their own. */
        POOL6,
        /** A client. */
        HOST,
        /** Clients that match. */
        CLASS,
        /** Two servers that share addresses. */
        FAILOVER_PEER,
        /** How two such servers stood, in a lease file. */
        FAILOVER_STATE,
        /** A DNS zone to update. */
        ZONE,
        /** A key to sign DNS updates or control messages. */
        KEY,
        /** A lease of a lease file. */
        LEASE,
        /** A lease of IPv6 addresses, or an address in one. */
        LEASE6
    }

    /**
     * A declaration with a block.
     *
     * @param origin where it stands
     * @param kind what it declares
     * @param name its name as written, empty when it has none
     * @param body what stands within
     */
    record Declaration(Origin origin, Kind kind, String name, List<Statement> body) implements Statement {
        /** Copies the body. */
        public Declaration {
            body = List.copyOf(body);
        }
    }

    /**
     * A subnet.
     *
     * @param origin where it stands
     * @param network its first address
     * @param length the length of its prefix
     * @param body what stands within
     */
    record Subnet(Origin origin, Ipv4 network, int length, List<Statement> body) implements Statement {
        /** Copies the body. */
        public Subnet {
            body = List.copyOf(body);
        }
    }

    /**
     * A member of a class.
     *
     * @param origin where it stands
     * @param ofClass the class
     * @param data what the class's match expression must give
     * @param body what stands within
     */
    record Subclass(Origin origin, String ofClass, Expression data, List<Statement> body) implements Statement {
        /** Copies the body. */
        public Subclass {
            body = List.copyOf(body);
        }
    }

    /**
     * A parameter, such as {@code default-lease-time 600}.
     *
     * @param origin where it stands
     * @param name its name in lower case
     * @param value what it is given
     */
    record Setting(Origin origin, String name, Value value) implements Statement {}

    /** What becomes of clients or requests. */
    enum Verb {
        /** They are served. */
        ALLOW,
        /** They are not. */
        DENY,
        /** They are not, and nothing is logged. */
        IGNORE
    }

    /**
     * {@code allow}, {@code deny} or {@code ignore}.
     *
     * @param origin where it stands
     * @param verb which of them
     * @param what whom or what, in lower case without dashes, such as {@code unknown clients}
     * @param argument the class or time that follows, empty when none does
     */
    record Permission(Origin origin, Verb verb, String what, String argument) implements Statement {}

    /**
     * Addresses to give out.
     *
     * @param origin where they stand
     * @param bootp whether BOOTP clients may have them as well
     * @param first the first
     * @param last the last
     */
    record Range(Origin origin, boolean bootp, Ipv4 first, Ipv4 last) implements Statement {}

    /**
     * A hardware address.
     *
     * @param origin where it stands
     * @param type its type as ARP counts them
     * @param address its octets
     */
    record Hardware(Origin origin, int type, Octets address) implements Statement {}

    /** How an option is set. */
    enum Modifier {
        /** It is sent. */
        OPTION,
        /** It is sent (dhclient's word). */
        SEND,
        /** It is sent instead of another value. */
        SUPERSEDE,
        /** It is sent where there is no value. */
        DEFAULT,
        /** It is put before another value. */
        PREPEND,
        /** It is put behind another value. */
        APPEND
    }

    /**
     * An option to send.
     *
     * @param origin where it stands
     * @param how how it is set
     * @param option which
     * @param value to what
     */
    record OptionSetting(Origin origin, Modifier how, OptionName option, Value value) implements Statement {}

    /**
     * An option's definition.
     *
     * @param origin where it stands
     * @param option its name
     * @param code its code
     * @param format what it holds
     */
    record OptionDefinition(Origin origin, OptionName option, long code, OptionFormat format) implements Statement {}

    /**
     * An option space.
     *
     * @param origin where it stands
     * @param name its name
     * @param codeWidth octets of a code within it
     * @param lengthWidth octets of a length within it
     */
    record OptionSpace(Origin origin, String name, int codeWidth, int lengthWidth) implements Statement {}

    /** How a class finds its members. */
    enum Match {
        /** The value is compared with those of subclasses. */
        MATCH,
        /** The condition is true. */
        MATCH_IF,
        /** Every value makes a class of its own. */
        SPAWN_WITH
    }

    /**
     * How a class finds its members.
     *
     * @param origin where it stands
     * @param how how
     * @param expression what is evaluated
     */
    record Matching(Origin origin, Match how, Expression expression) implements Statement {}

    /**
     * {@code if}, {@code elsif} or {@code else}: each is a statement, the later ones count where the earlier did not.
     *
     * @param origin where it stands
     * @param word which of them
     * @param condition when; null for {@code else}
     * @param body what then holds
     */
    record Conditional(Origin origin, String word, @Nullable Expression condition, List<Statement> body)
            implements Statement {
        /** Copies the body. */
        public Conditional {
            body = List.copyOf(body);
        }
    }

    /**
     * A choice by value; {@link Case} statements stand in its body.
     *
     * @param origin where it stands
     * @param on what is compared
     * @param body cases and what belongs to them
     */
    record Switch(Origin origin, Expression on, List<Statement> body) implements Statement {
        /** Copies the body. */
        public Switch {
            body = List.copyOf(body);
        }
    }

    /**
     * {@code case} or {@code default} of a switch.
     *
     * @param origin where it stands
     * @param value what is compared; null for {@code default}
     */
    record Case(Origin origin, @Nullable Expression value) implements Statement {}

    /**
     * What is done when something happens to a lease.
     *
     * @param origin where it stands
     * @param events {@code commit}, {@code expiry}, {@code release}, {@code transmission}
     * @param body what is done
     */
    record OnEvent(Origin origin, List<String> events, List<Statement> body) implements Statement {
        /** Copies both. */
        public OnEvent {
            events = List.copyOf(events);
            body = List.copyOf(body);
        }
    }

    /**
     * Something that is done: {@code set}, {@code unset}, {@code log}, {@code execute}, {@code eval}, {@code add},
     * {@code return}, {@code break}, {@code parse-vendor-option} or a call.
     *
     * @param origin where it stands
     * @param word which of them
     * @param target the variable, class or priority, empty when there is none
     * @param arguments expressions in order
     */
    record Action(Origin origin, String word, String target, List<Expression> arguments) implements Statement {
        /** Copies the arguments. */
        public Action {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * A function's definition.
     *
     * @param origin where it stands
     * @param name its name
     * @param parameters their names
     * @param body what it does
     */
    record Define(Origin origin, String name, List<String> parameters, List<Statement> body) implements Statement {
        /** Copies both. */
        public Define {
            parameters = List.copyOf(parameters);
            body = List.copyOf(body);
        }
    }

    /**
     * Another file.
     *
     * @param origin where it stands
     * @param file its name as written
     * @param body what it says
     */
    record Include(Origin origin, String file, List<Statement> body) implements Statement {
        /** Copies the body. */
        public Include {
            body = List.copyOf(body);
        }
    }

    /**
     * What could not be understood.
     *
     * @param origin where it stands
     * @param problem what is wrong with it
     */
    record Broken(Origin origin, SyntaxProblem problem) implements Statement {}

    /**
     * What stands within.
     *
     * @return the statements of its block, none when it has no block
     */
    default List<Statement> within() {
        return switch (this) {
            case Declaration it -> it.body();
            case Subnet it -> it.body();
            case Subclass it -> it.body();
            case Conditional it -> it.body();
            case Switch it -> it.body();
            case OnEvent it -> it.body();
            case Define it -> it.body();
            case Include it -> it.body();
            case Setting _,
                    Permission _,
                    Range _,
                    Hardware _,
                    OptionSetting _,
                    OptionDefinition _,
                    OptionSpace _,
                    Matching _,
                    Case _,
                    Action _,
                    Broken _ -> List.of();
        };
    }

    /**
     * Visits statements and everything within them, in the order of the file.
     *
     * @param statements where to start
     * @param visitor sees each
     */
    static void walk(List<Statement> statements, Consumer<Statement> visitor) {
        List<Statement> open = new ArrayList<>(statements.reversed());
        while (!open.isEmpty()) {
            Statement next = open.removeLast();
            visitor.accept(next);
            open.addAll(next.within().reversed());
        }
    }
}
