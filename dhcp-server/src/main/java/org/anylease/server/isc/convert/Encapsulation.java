package org.anylease.server.isc.convert;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.config.KnownOptions;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.isc.syntax.Place;
import org.anylease.store.address.Octets;

/** Packs options of other spaces into the options that carry them (dhcp-options(5), <i>vendor encapsulated options</i>). */
final class Encapsulation {
    /** No space is carried in more others, one within the other. */
    private static final int DEPTH_MAX = 8;

    private static final int VENDOR_OPTIONS = 43;

    private final IscOptions options;
    private final List<Scope> chain;
    private final List<Ledger.Entry> sent = new ArrayList<>();

    Encapsulation(IscOptions options, List<Scope> chain) {
        this.options = options;
        this.chain = chain;
    }

    /** Whether scopes say anything about other spaces. */
    static boolean concerns(List<Scope> scopes) {
        return scopes.stream()
                .anyMatch(scope -> !scope.spaced.isEmpty()
                        || scope.values.containsKey("vendor-option-space")
                        || scope.values.containsKey("site-option-space"));
    }

    /** The options of the message that carry others, by code. */
    SortedMap<Integer, Expression> carriers() {
        SortedMap<Integer, Expression> carriers = new TreeMap<>();
        SortedSet<String> spaces = new TreeSet<>();
        chain.forEach(scope -> spaces.addAll(scope.spaced.keySet()));
        spaces.addAll(carried(spaces));
        for (String space : spaces) {
            if (named(space, "site-option-space")) {
                uses(space)
                        .forEach((code, uses) -> Scope.folded(uses).ifPresent(value -> {
                            boolean empty =
                                    Constants.data(value).map(Octets::isEmpty).orElse(false);
                            Optional<String> owned = KnownOptions.ownedBecause(code.intValue());
                            owned.ifPresent(
                                    why -> uses.forEach(use -> use.entry().refuse(why, "")));
                            if (code >= 1 && code <= 254 && !empty && owned.isEmpty()) {
                                carriers.put(code.intValue(), value);
                                uses.forEach(use -> sent.add(use.entry()));
                            }
                        }));
            } else {
                carrier(space).ifPresent(code -> packed(space, 0).ifPresent(packed -> carriers.put(code, packed)));
            }
        }
        return carriers;
    }

    /** Whose options are in {@link #carriers}. */
    List<Ledger.Entry> sent() {
        return sent;
    }

    /** Spaces that carry one of these. */
    private SortedSet<String> carried(SortedSet<String> spaces) {
        SortedSet<String> carrying = new TreeSet<>();
        for (String space : spaces) {
            Optional<OptionName> carrier = options.carrierOf(space);
            for (int i = 0;
                    i < DEPTH_MAX && carrier.isPresent() && !carrier.get().isDhcp();
                    i++) {
                carrying.add(carrier.get().space());
                carrier = options.carrierOf(carrier.get().space());
            }
        }
        return carrying;
    }

    private boolean named(String space, String parameter) {
        Optional<Held<String>> held = Scope.value(chain, parameter);
        boolean named = held.isPresent() && held.get().value().equals(space);
        if (named) {
            held.get().entry().converted("its options are written out where they are sent");
        }
        return named;
    }

    /** The option of the message that carries a space. */
    private Optional<Integer> carrier(String space) {
        if (named(space, "vendor-option-space")) {
            return Optional.of(VENDOR_OPTIONS);
        }
        Integer registered = switch (space) {
            case "vendor" -> 125;
            case "vendor-class" -> 124;
            case "nwip" -> 63;
            default -> 0;
        };
        return registered > 0
                ? Optional.of(registered)
                : options.carrierOf(space)
                        .filter(OptionName::isDhcp)
                        .flatMap(options::find)
                        .map(known -> (int) known.code());
    }

    private SortedMap<Long, List<Held<Scope.Use>>> uses(String space) {
        SortedMap<Long, List<Held<Scope.Use>>> uses = new TreeMap<>();
        for (Scope scope : chain) {
            scope.spaced
                    .getOrDefault(space, new TreeMap<>())
                    .forEach((code, held) ->
                            uses.computeIfAbsent(code, _ -> new ArrayList<>()).addAll(held));
        }
        return uses;
    }

    /** The options of a space one after the other; nothing where none is set. */
    private Optional<Expression> packed(String space, int depth) {
        IscOptions.Space widths = space.equals("vendor") || space.equals("vendor-class")
                ? new IscOptions.Space(4, 1)
                : options.space(space);
        SortedMap<Long, Expression> values = new TreeMap<>();
        uses(space)
                .forEach((code, uses) -> Scope.folded(uses).ifPresent(value -> {
                    values.put(code, value);
                    uses.forEach(use -> sent.add(use.entry()));
                }));
        if (depth < DEPTH_MAX) {
            values.putAll(inner(space, depth));
        }
        List<Expression> all = new ArrayList<>();
        values.forEach((code, value) -> all.add(one(number(code, widths.codeWidth()), value, widths.lengthWidth())));
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(new Expression.Call(all.getFirst().at(), "concat", all));
    }

    /** An option with its code and length; one that is computed is left out where it comes to nothing. */
    private static Expression one(byte[] code, Expression value, int lengthWidth) {
        Place at = value.at();
        Optional<Octets> constant = Constants.data(value);
        if (constant.isPresent()) {
            byte[] length = number(constant.get().length(), lengthWidth);
            Octets head = Scope.joined(Octets.of(code), Octets.of(length));
            return new Expression.Constant(at, Scope.joined(head, constant.get()));
        }
        Expression whole = new Expression.Call(
                at,
                "concat",
                List.of(
                        new Expression.Constant(at, Octets.of(code)),
                        new Expression.Call(
                                at,
                                "encode-int",
                                List.of(
                                        new Expression.Call(at, Substitution.LENGTH, List.of(value)),
                                        new Expression.Numeral(at, 8L * lengthWidth))),
                        value));
        return new Expression.Call(at, "pick-first-value", List.of(whole, new Expression.Constant(at, Octets.EMPTY)));
    }

    /** Spaces that options of this space carry. */
    private SortedMap<Long, Expression> inner(String space, int depth) {
        SortedMap<Long, Expression> inner = new TreeMap<>();
        SortedSet<String> spaces = new TreeSet<>();
        chain.forEach(scope -> spaces.addAll(scope.spaced.keySet()));
        for (String other : spaces) {
            options.carrierOf(other)
                    .filter(name -> name.space().equals(space))
                    .ifPresent(name -> packed(other, depth + 1)
                            .ifPresent(
                                    packed -> options.find(name).ifPresent(known -> inner.put(known.code(), packed))));
        }
        return inner;
    }

    private static byte[] number(long value, int width) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        byte[] low = new byte[width];
        System.arraycopy(all, Long.BYTES - width, low, 0, width);
        return low;
    }
}
