package org.anylease.server.isc.convert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.server.isc.syntax.OptionName;
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
    SortedMap<Integer, Octets> carriers() {
        SortedMap<Integer, Octets> carriers = new TreeMap<>();
        SortedSet<String> spaces = new TreeSet<>();
        chain.forEach(scope -> spaces.addAll(scope.spaced.keySet()));
        spaces.addAll(carried(spaces));
        for (String space : spaces) {
            if (named(space, "site-option-space")) {
                uses(space)
                        .forEach((code, uses) -> Scope.folded(uses)
                                .flatMap(Constants::data)
                                .ifPresent(value -> {
                                    if (code >= 1 && code <= 254 && !value.isEmpty()) {
                                        carriers.put(code.intValue(), value);
                                        uses.forEach(use -> sent.add(use.entry()));
                                    }
                                }));
            } else {
                carrier(space).ifPresent(code -> {
                    Octets packed = packed(space, 0);
                    if (!packed.isEmpty()) {
                        carriers.put(code, packed);
                    }
                });
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

    private Octets packed(String space, int depth) {
        IscOptions.Space widths = space.equals("vendor") || space.equals("vendor-class")
                ? new IscOptions.Space(4, 1)
                : options.space(space);
        SortedMap<Long, Octets> values = new TreeMap<>();
        uses(space)
                .forEach((code, uses) -> Scope.folded(uses)
                        .flatMap(Constants::data)
                        .ifPresent(value -> {
                            values.put(code, value);
                            uses.forEach(use -> sent.add(use.entry()));
                        }));
        if (depth < DEPTH_MAX) {
            values.putAll(inner(space, depth));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        values.forEach((code, value) -> {
            out.writeBytes(number(code, widths.codeWidth()));
            out.writeBytes(number(value.length(), widths.lengthWidth()));
            out.writeBytes(value.toArray());
        });
        return Octets.of(out.toByteArray());
    }

    /** Spaces that options of this space carry. */
    private SortedMap<Long, Octets> inner(String space, int depth) {
        SortedMap<Long, Octets> inner = new TreeMap<>();
        SortedSet<String> spaces = new TreeSet<>();
        chain.forEach(scope -> spaces.addAll(scope.spaced.keySet()));
        for (String other : spaces) {
            options.carrierOf(other).filter(name -> name.space().equals(space)).ifPresent(name -> {
                Octets packed = packed(other, depth + 1);
                options.find(name).filter(_ -> !packed.isEmpty()).ifPresent(known -> inner.put(known.code(), packed));
            });
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
