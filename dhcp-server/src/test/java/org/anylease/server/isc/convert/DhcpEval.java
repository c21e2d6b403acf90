package org.anylease.server.isc.convert;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.anylease.server.expression.RequestView;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;

/**
 * dhcp-eval(5) as dhcpd 4.4.3 was seen to do it, written down without regard to ours: a condition is true, false or, as
 * an empty answer, neither.
 */
final class DhcpEval {
    private final IscOptions options;
    private final RequestView view;

    DhcpEval(IscOptions options, RequestView view) {
        this.options = options;
        this.view = view;
    }

    Optional<Boolean> condition(Expression expression) {
        return switch (expression) {
            case Expression.Not not -> condition(not.operand()).map(value -> !value);
            case Expression.OfOption option ->
                Optional.of(option(option.option()).isPresent());
            case Expression.Name name when name.name().equals("known") -> Optional.of(view.known());
            case Expression.Binary binary ->
                switch (binary.operator()) {
                    case "and" -> condition(binary.left()).orElse(false) ? condition(binary.right()) : Optional.empty();
                    case "or" -> {
                        Optional<Boolean> left = condition(binary.left());
                        yield left.orElse(false)
                                ? left
                                : condition(binary.right()).or(() -> left);
                    }
                    case "=" -> Optional.of(equal(binary));
                    case "!=" -> Optional.of(!equal(binary));
                    case "~=" -> found(binary, 0);
                    case "~~" -> found(binary, Pattern.CASE_INSENSITIVE);
                    default -> throw new AssertionError(binary.operator());
                };
            default -> throw new AssertionError(expression);
        };
    }

    private Optional<Boolean> found(Expression.Binary binary, int flags) {
        return data(binary.left())
                .map(text -> Pattern.compile(latin(data(binary.right()).orElseThrow()), flags)
                        .matcher(latin(text))
                        .find());
    }

    private boolean equal(Expression.Binary binary) {
        if (binary.left() instanceof Expression.Call call && call.function().equals("extract-int")) {
            return number(binary.left()).equals(number(binary.right()));
        }
        Optional<byte[]> left = data(binary.left());
        Optional<byte[]> right = binary.right() instanceof Expression.Numeral digits
                ? Optional.of(new byte[] {(byte) Integer.parseInt(Long.toString(digits.value()), 16)})
                : data(binary.right());
        return left.isPresent() == right.isPresent()
                && (left.isEmpty() || Arrays.equals(left.get(), right.orElseThrow()));
    }

    private Optional<Long> number(Expression expression) {
        return switch (expression) {
            case Expression.Numeral digits -> Optional.of(digits.value());
            case Expression.Call call
            when call.function().equals("extract-int") ->
                data(call.arguments().get(0)).flatMap(octets -> {
                    int width = number(call.arguments().get(1)).orElseThrow().intValue() / 8;
                    return octets.length < width
                            ? Optional.empty()
                            : Optional.of(new BigInteger(1, Arrays.copyOf(octets, width)).longValue());
                });
            default -> Optional.empty();
        };
    }

    private Optional<byte[]> data(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> Optional.of(constant.octets().toArray());
            case Expression.OfOption option -> option(option.option());
            case Expression.Name name
            when name.name().equals("hardware") ->
                Optional.of(joined(
                        new byte[] {(byte) view.packet().hardware().type()},
                        view.packet().hardware().bytes()));
            case Expression.Call call -> call(call);
            default -> throw new AssertionError(expression);
        };
    }

    private Optional<byte[]> call(Expression.Call call) {
        List<Expression> given = call.arguments();
        return switch (call.function()) {
            case "substring" ->
                data(given.get(0)).map(octets -> {
                    int from = number(given.get(1)).orElseThrow().intValue();
                    int length = number(given.get(2)).orElseThrow().intValue();
                    return from >= octets.length
                            ? new byte[0]
                            : Arrays.copyOfRange(octets, from, Math.min(octets.length, from + length));
                });
            case "suffix" ->
                data(given.get(0)).map(octets -> {
                    int length = number(given.get(1)).orElseThrow().intValue();
                    return Arrays.copyOfRange(octets, Math.max(0, octets.length - length), octets.length);
                });
            case "lcase" ->
                data(given.get(0)).map(octets -> octets(latin(octets).toLowerCase(java.util.Locale.ROOT)));
            case "ucase" ->
                data(given.get(0)).map(octets -> octets(latin(octets).toUpperCase(java.util.Locale.ROOT)));
            case "concat" -> {
                Optional<byte[]> all = Optional.of(new byte[0]);
                for (Expression each : given) {
                    Optional<byte[]> next = data(each);
                    all = all.flatMap(start -> next.map(end -> joined(start, end)));
                }
                yield all;
            }
            case "pick-first-value" ->
                given.stream().flatMap(each -> data(each).stream()).findFirst();
            case "binary-to-ascii" ->
                data(given.get(3)).map(octets -> {
                    StringBuilder text = new StringBuilder();
                    for (byte octet : octets) {
                        text.append(
                                        text.isEmpty()
                                                ? ""
                                                : latin(data(given.get(2)).orElseThrow()))
                                .append(Integer.toString(
                                        octet & 255,
                                        number(given.get(0)).orElseThrow().intValue()));
                    }
                    return octets(text.toString());
                });
            default -> throw new AssertionError(call.function());
        };
    }

    private Optional<byte[]> option(OptionName name) {
        if (name.space().equals("agent")) {
            int code = name.name().equals("circuit-id") ? 1 : 2;
            return Optional.ofNullable(view.relay()).flatMap(relay -> relay.subOption(code));
        }
        return view.packet().options().bytes((int)
                options.find(name).orElseThrow().code());
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static String latin(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
