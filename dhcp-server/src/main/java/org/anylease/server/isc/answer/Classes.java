package org.anylease.server.isc.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.convert.OptionEncoding;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.isc.syntax.Statement.Match;
import org.anylease.server.isc.syntax.Statement.Permission;
import org.anylease.server.isc.syntax.Statement.Verb;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/** The classes that a packet belongs to, in the order of the file. */
final class Classes {
    /** A class, and its subclass where it is told by one. */
    record Member(Level of, @Nullable Level sub) {}

    /** Nothing is configured yet when classes are told. */
    private static final Evaluation.State NOTHING = new Evaluation.State() {
        @Override
        public Optional<Octets> configured(OptionName option) {
            return Optional.empty();
        }

        @Override
        public Optional<Octets> variable(String name) throws NotEvaluated {
            throw new NotEvaluated("the variable '" + name + "' is not known");
        }

        @Override
        public @Nullable String host() {
            return null;
        }

        @Override
        public Optional<Octets> leasedAddress() {
            return Optional.empty();
        }
    };

    private final List<Member> members = new ArrayList<>();
    private final Evaluation evaluation;
    final List<IscAnswer.Unevaluated> unevaluated = new ArrayList<>();

    /** Whether it depends on something that was not evaluated whether anybody is answered. */
    boolean reply;

    /** Classes of which it is not known whether the packet belongs to them. */
    private final List<Level> lost = new ArrayList<>();

    private Classes(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    static Classes of(Level global, OptionEncoding encoding, Packet packet, boolean known) {
        Classes classes = new Classes(new Evaluation(encoding, packet, known, NOTHING));
        List<Level> subclasses = global.all(Level.Kind.SUBCLASS);
        for (Level each : global.all(Level.Kind.CLASS)) {
            classes.classify(
                    each,
                    subclasses.stream()
                            .filter(sub -> sub.name.equals(each.name))
                            .toList());
        }
        return classes;
    }

    private void classify(Level each, List<Level> subclasses) {
        for (Statement.Matching matching : each.matchings) {
            try {
                if (matching.how() == Match.MATCH_IF
                        && !evaluation.condition(matching.expression()).orElse(false)) {
                    return;
                }
            } catch (NotEvaluated e) {
                lose(each, matching, e);
                return;
            }
        }
        boolean valued = false;
        for (Statement.Matching matching : each.matchings) {
            if (matching.how() != Match.MATCH_IF) {
                valued = true;
                compare(each, subclasses, matching);
            }
        }
        boolean conditioned = each.matchings.stream().anyMatch(matching -> matching.how() == Match.MATCH_IF);
        if (!valued && conditioned) {
            members.add(new Member(each, null));
        }
    }

    private void compare(Level each, List<Level> subclasses, Statement.Matching matching) {
        try {
            Optional<Octets> value = evaluation.data(matching.expression());
            if (value.isEmpty()) {
                return;
            }
            for (Level sub : subclasses) {
                Expression member = sub.member;
                if (member != null && evaluation.data(member).equals(value)) {
                    members.add(new Member(each, sub));
                    return;
                }
            }
            if (matching.how() == Match.SPAWN_WITH && !value.get().isEmpty()) {
                members.add(new Member(each, null));
            }
        } catch (NotEvaluated e) {
            lose(each, matching, e);
        }
    }

    private void lose(Level each, Statement.Matching matching, NotEvaluated why) {
        unevaluated.add(new IscAnswer.Unevaluated(matching.origin(), why.why()));
        lost.add(each);
        reply = true;
    }

    /** Those of which it is not known whether the packet belongs to them. */
    List<Level> lost() {
        return lost;
    }

    /** Whether it depends on a class that could not be told for whom a pool is. */
    boolean isUnsure(Level pool) {
        return pool.permissions.stream()
                .anyMatch(permission -> permission.what().equals("members of")
                        && lost.stream().anyMatch(each -> each.name.equals(permission.argument())));
    }

    List<Member> members() {
        return members;
    }

    /** Whether a pool is for the client (dhcpd.conf(5), <i>permit lists</i>). */
    boolean permits(Level pool, boolean known) {
        boolean listed = false;
        boolean allowed = false;
        for (Permission permission : pool.permissions) {
            boolean met = meets(permission, known);
            if (permission.verb() == Verb.ALLOW) {
                listed = true;
                allowed |= met;
            } else if (met) {
                return false;
            }
        }
        return allowed || !listed;
    }

    private boolean meets(Permission permission, boolean known) {
        return switch (permission.what()) {
            case "all clients", "unauthenticated clients" -> true;
            case "known clients" -> known;
            case "unknown clients" -> !known;
            case "members of" -> members.stream().anyMatch(member -> member.of.name.equals(permission.argument()));
            case "after" -> {
                unevaluated.add(new IscAnswer.Unevaluated(permission.origin(), "what time it is is not asked"));
                reply = true;
                yield false;
            }
            // BOOTP clients, and those that are authenticated: nobody who sends a DISCOVER.
            default -> false;
        };
    }
}
