package org.anylease.server.isc.convert;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.store.address.Octets;

/** Works out expressions that give the same for every client (dhcp-eval(5)). */
final class Constants {
    private Constants() {}

    /** The value, or nothing when it depends on the client, or is more than can be worked out here. */
    static Optional<Octets> data(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> Optional.of(constant.octets());
            case Expression.Call call -> call(call.function(), call.arguments());
            // Where data is expected, aa is an octet, as 0:aa are two.
            case Expression.Name(var _, String name)
            when name.matches("[0-9a-fA-F]{1,2}") -> Optional.of(Octets.of((byte) Integer.parseInt(name, 16)));
            case Expression.Numeral _,
                    Expression.OfOption _,
                    Expression.Name _,
                    Expression.Not _,
                    Expression.Binary _ -> Optional.empty();
        };
    }

    private static Optional<Octets> call(String function, List<Expression> arguments) {
        List<Octets> data = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (Expression argument : arguments) {
            data(argument).ifPresent(data::add);
            number(argument).ifPresent(numbers::add);
        }
        if (data.size() + numbers.size() < arguments.size()) {
            return Optional.empty();
        }
        String shape = function + " " + data.size() + " " + numbers.size();
        return switch (function) {
            case "concat" -> numbers.isEmpty() ? Optional.of(concat(data)) : Optional.empty();
            case "pick-first-value", "pick" -> data.stream().findFirst();
            default ->
                switch (shape) {
                    case "substring 1 2" -> Optional.of(part(data.getFirst(), numbers.get(0), numbers.get(1)));
                    case "suffix 1 1" ->
                        Optional.of(part(
                                data.getFirst(),
                                Math.max(0, data.getFirst().length() - numbers.getFirst()),
                                numbers.getFirst()));
                    case "lcase 1 0" -> Optional.of(cased(data.getFirst(), false));
                    case "ucase 1 0" -> Optional.of(cased(data.getFirst(), true));
                    case "encode-int 0 2" -> encoded(numbers.get(0), numbers.get(1));
                    case "binary-to-ascii 2 2" -> ascii(numbers, data.getFirst(), data.getLast());
                    case "reverse 1 1" -> reversed(numbers.getFirst(), data.getFirst());
                    default -> Optional.empty();
                };
        };
    }

    /** A numeric expression's value. */
    static Optional<Long> number(Expression expression) {
        return switch (expression) {
            case Expression.Numeral number -> Optional.of(number.value());
            case Expression.Binary binary ->
                number(binary.left())
                        .flatMap(a -> number(binary.right()).flatMap(b -> computed(binary.operator(), a, b)));
            case Expression.Constant _, Expression.Call _, Expression.OfOption _, Expression.Name _, Expression.Not _ ->
                Optional.empty();
        };
    }

    private static Optional<Long> computed(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Optional.of(a + b);
            case "-" -> Optional.of(a - b);
            case "*" -> Optional.of(a * b);
            case "/" -> b == 0 ? Optional.empty() : Optional.of(a / b);
            case "%" -> b == 0 ? Optional.empty() : Optional.of(a % b);
            case "&" -> Optional.of(a & b);
            case "|" -> Optional.of(a | b);
            case "^" -> Optional.of(a ^ b);
            default -> Optional.empty();
        };
    }

    private static Octets concat(List<Octets> parts) {
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(Octets::length).sum());
        parts.forEach(part -> all.put(part.toArray()));
        return Octets.of(all.array());
    }

    private static Octets part(Octets data, long offset, long length) {
        int from = Math.clamp(offset, 0, data.length());
        int count = Math.clamp(length, 0, data.length() - from);
        return Octets.of(data.toArray(), from, count);
    }

    private static Octets cased(Octets data, boolean upper) {
        String text = new String(data.toArray(), StandardCharsets.ISO_8859_1);
        // Only ASCII has cases here; others would change their length.
        StringBuilder cased = new StringBuilder();
        text.chars().forEach(c -> {
            String one = String.valueOf((char) c);
            cased.append(c > 0x7f ? one : upper ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
        });
        return Octets.of(cased.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Optional<Octets> encoded(long value, long bits) {
        if (bits != 8 && bits != 16 && bits != 32) {
            return Optional.empty();
        }
        int width = (int) bits / 8;
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        return Optional.of(Octets.of(all, Long.BYTES - width, width));
    }

    /** Numbers of a width in a base, with something between them. */
    private static Optional<Octets> ascii(List<Long> baseAndWidth, Octets between, Octets data) {
        long base = baseAndWidth.getFirst();
        long width = baseAndWidth.getLast() / 8;
        boolean widths = baseAndWidth.getLast() % 8 == 0 && (width == 1 || width == 2 || width == 4);
        if (base < 2 || base > 16 || !widths || data.length() % width != 0) {
            return Optional.empty();
        }
        List<String> numbers = new ArrayList<>();
        for (int at = 0; at < data.length(); at += (int) width) {
            long number = 0;
            for (int i = 0; i < width; i++) {
                number = number << 8 | data.at(at + i);
            }
            numbers.add(Long.toString(number, (int) base));
        }
        String separator = new String(between.toArray(), StandardCharsets.ISO_8859_1);
        return Optional.of(Octets.of(String.join(separator, numbers).getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static Optional<Octets> reversed(long hunk, Octets data) {
        if (hunk < 1 || data.length() % hunk != 0) {
            return Optional.empty();
        }
        int width = (int) hunk;
        byte[] from = data.toArray();
        byte[] to = new byte[from.length];
        for (int at = 0; at < from.length; at += width) {
            System.arraycopy(from, at, to, from.length - at - width, width);
        }
        return Optional.of(Octets.of(to));
    }
}
