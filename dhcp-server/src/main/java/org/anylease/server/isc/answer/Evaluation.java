package org.anylease.server.isc.answer;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.anylease.server.isc.convert.OptionEncoding;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.OptionName;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Octets;
import org.jspecify.annotations.Nullable;

/**
 * dhcp-eval(5) over one packet. A condition is true, false or, as an empty answer, neither; data and numbers may be
 * missing likewise.
 */
final class Evaluation {
    /** Sub-options that relays send, by dhcpd's names. */
    private static final SortedMap<String, Integer> AGENT = new TreeMap<>();

    static {
        AGENT.put("circuit-id", RelayInformation.CIRCUIT_ID);
        AGENT.put("remote-id", RelayInformation.REMOTE_ID);
        AGENT.put("agent-id", 3);
        AGENT.put("docsis-device-class", 4);
        AGENT.put("link-selection", RelayInformation.LINK_SELECTION);
        AGENT.put("relay-port", RelayInformation.SOURCE_PORT);
    }

    private final OptionEncoding encoding;
    private final Packet packet;
    private final boolean known;
    private final State state;

    /** What the statements so far have come to, as expressions may ask. */
    interface State {
        Optional<Octets> configured(OptionName option) throws NotEvaluated;

        Optional<Octets> variable(String name) throws NotEvaluated;

        @Nullable
        String host();

        Optional<Octets> leasedAddress();
    }

    Evaluation(OptionEncoding encoding, Packet packet, boolean known, State state) {
        this.encoding = encoding;
        this.packet = packet;
        this.known = known;
        this.state = state;
    }

    /** What is the same for every client. */
    static Optional<Octets> constant(Expression expression) {
        return expression instanceof Expression.Constant constant
                ? Optional.of(constant.octets())
                : expression instanceof Expression.Name name && name.name().matches("[0-9a-fA-F]{1,2}")
                        ? Optional.of(Octets.of((byte) Integer.parseInt(name.name(), 16)))
                        : Optional.empty();
    }

    Optional<Boolean> condition(Expression expression) throws NotEvaluated {
        return switch (expression) {
            case Expression.Not not -> condition(not.operand()).map(value -> !value);
            case Expression.OfOption option
            when option.source() == Expression.Source.EXISTS ->
                Optional.of(option(option.option()).isPresent());
            case Expression.Name name when name.name().equals("known") -> Optional.of(known);
            // The only kind of variable that is a condition.
            case Expression.Name name when name.name().equals("static") -> Optional.of(false);
            case Expression.Binary binary -> binary(binary);
            case Expression.Constant _,
                    Expression.Numeral _,
                    Expression.OfOption _,
                    Expression.Name _,
                    Expression.Call _ -> throw new NotEvaluated("a condition of this kind is not worked out");
        };
    }

    private Optional<Boolean> binary(Expression.Binary binary) throws NotEvaluated {
        return switch (binary.operator()) {
            case "and" -> condition(binary.left()).orElse(false) ? condition(binary.right()) : Optional.empty();
            case "or" -> {
                Optional<Boolean> left = condition(binary.left());
                yield left.orElse(false) ? left : condition(binary.right()).or(() -> left);
            }
            case "=" -> Optional.of(equal(binary));
            case "!=" -> Optional.of(!equal(binary));
            case "~=" -> found(binary, 0);
            case "~~" -> found(binary, Pattern.CASE_INSENSITIVE);
            default -> throw new NotEvaluated("'" + binary.operator() + "' is no condition");
        };
    }

    private Optional<Boolean> found(Expression.Binary binary, int flags) throws NotEvaluated {
        Optional<byte[]> text = bytes(binary.left());
        Optional<byte[]> pattern = bytes(binary.right());
        if (text.isEmpty() || pattern.isEmpty()) {
            return Optional.empty();
        }
        String expression = latin(pattern.get());
        // POSIX reads an escape, and brackets within brackets, otherwise than Java.
        if (expression.length() > 256 || expression.contains("\\") || expression.contains("[[")) {
            throw new NotEvaluated("the regular expression is not worked out");
        }
        try {
            return Optional.of(Pattern.compile(expression, flags)
                    .matcher(latin(text.get()))
                    .find());
        } catch (PatternSyntaxException e) {
            throw new NotEvaluated("the regular expression is not worked out");
        }
    }

    private static boolean isNumber(Expression expression) {
        return switch (expression) {
            case Expression.Call call -> call.function().equals("extract-int");
            case Expression.Binary binary -> "+-*/%&|^".contains(binary.operator());
            case Expression.Numeral _,
                    Expression.Constant _,
                    Expression.OfOption _,
                    Expression.Name _,
                    Expression.Not _ -> false;
        };
    }

    boolean equal(Expression.Binary binary) throws NotEvaluated {
        if (isNumber(binary.left()) || isNumber(binary.right())) {
            return number(binary.left()).equals(number(binary.right()));
        }
        return data(binary.left()).equals(data(binary.right()));
    }

    Optional<Long> number(Expression expression) throws NotEvaluated {
        return switch (expression) {
            case Expression.Numeral digits -> Optional.of(digits.value());
            case Expression.Call call when call.function().equals("extract-int") -> extracted(call.arguments());
            case Expression.Binary binary -> {
                Optional<Long> left = number(binary.left());
                Optional<Long> right = number(binary.right());
                yield left.isEmpty() || right.isEmpty()
                        ? Optional.empty()
                        : computed(binary.operator(), left.get(), right.get());
            }
            case Expression.Constant _, Expression.OfOption _, Expression.Name _, Expression.Call _, Expression.Not _ ->
                throw new NotEvaluated("a number of this kind is not worked out");
        };
    }

    private Optional<Long> extracted(List<Expression> arguments) throws NotEvaluated {
        Optional<byte[]> octets = bytes(argument(arguments, 0));
        int width = (int) (whole(arguments, 1) / 8);
        return octets.filter(all -> all.length >= width)
                .map(all -> new BigInteger(1, Arrays.copyOf(all, width)).longValue());
    }

    private static Optional<Long> computed(String operator, long a, long b) throws NotEvaluated {
        boolean byZero = b == 0 && (operator.equals("/") || operator.equals("%"));
        if (byZero) {
            return Optional.empty();
        }
        return Optional.of(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> a / b;
                    case "%" -> a % b;
                    case "&" -> a & b;
                    case "|" -> a | b;
                    case "^" -> a ^ b;
                    default -> throw new NotEvaluated("'" + operator + "' gives no number");
                });
    }

    Optional<Octets> data(Expression expression) throws NotEvaluated {
        return bytes(expression).map(Octets::of);
    }

    private Optional<byte[]> bytes(Expression expression) throws NotEvaluated {
        return switch (expression) {
            case Expression.Constant constant -> Optional.of(constant.octets().toArray());
            // Where data is expected, digits are an octet in hexadecimal.
            case Expression.Numeral digits -> octet(Long.toString(digits.value()));
            case Expression.OfOption option ->
                option.source() == Expression.Source.CONFIG_OPTION
                        ? state.configured(option.option()).map(Octets::toArray)
                        : option(option.option());
            case Expression.Name name -> named(name.name());
            case Expression.Call call -> call(call.function(), call.arguments());
            case Expression.Not _, Expression.Binary _ ->
                throw new NotEvaluated("a condition or number stands where data is expected");
        };
    }

    private static Optional<byte[]> octet(String digits) throws NotEvaluated {
        if (digits.length() > 2) {
            throw new NotEvaluated("'" + digits + "' is no octet");
        }
        return Optional.of(new byte[] {(byte) Integer.parseInt(digits, 16)});
    }

    private Optional<byte[]> named(String name) throws NotEvaluated {
        return switch (name) {
            case "hardware" ->
                Optional.of(joined(
                        new byte[] {(byte) packet.hardware().type()},
                        packet.hardware().bytes()));
            case "filename" -> packet.bootFile().map(Evaluation::octets);
            case "server-name" -> packet.serverName().map(Evaluation::octets);
            case "host-decl-name" -> {
                String host = state.host();
                yield host == null ? Optional.empty() : Optional.of(octets(host));
            }
            case "leased-address" -> state.leasedAddress().map(Octets::toArray);
            case "client-state", "lease-time" -> throw new NotEvaluated("'" + name + "' is not worked out");
            default ->
                name.matches("[0-9a-fA-F]{1,2}")
                        ? octet(name)
                        : state.variable(name).map(Octets::toArray);
        };
    }

    private Optional<byte[]> call(String function, List<Expression> given) throws NotEvaluated {
        return switch (function) {
            case "substring" -> {
                int from = Math.clamp(whole(given, 1), 0, Integer.MAX_VALUE);
                int length = Math.clamp(whole(given, 2), 0, 0xffff);
                yield bytes(argument(given, 0))
                        .map(all -> from >= all.length
                                ? new byte[0]
                                : Arrays.copyOfRange(all, from, (int) Math.min(all.length, (long) from + length)));
            }
            case "suffix" -> {
                int length = Math.clamp(whole(given, 1), 0, 0xffff);
                yield bytes(argument(given, 0))
                        .map(all -> Arrays.copyOfRange(all, Math.max(0, all.length - length), all.length));
            }
            case "lcase" -> bytes(argument(given, 0)).map(all -> cased(all, false));
            case "ucase" -> bytes(argument(given, 0)).map(all -> cased(all, true));
            case "concat" -> {
                byte[] all = new byte[0];
                for (Expression each : given) {
                    Optional<byte[]> next = bytes(each);
                    if (next.isEmpty()) {
                        yield Optional.empty();
                    }
                    all = joined(all, next.get());
                }
                yield Optional.of(all);
            }
            case "pick-first-value", "pick" -> {
                for (Expression each : given) {
                    Optional<byte[]> next = bytes(each);
                    if (next.isPresent()) {
                        yield next;
                    }
                }
                yield Optional.empty();
            }
            case "binary-to-ascii" -> ascii(given);
            case "reverse" ->
                reversed((int) whole(given, 0), bytes(argument(given, 1)).orElse(null));
            case "encode-int" -> {
                int width = (int) (whole(given, 1) / 8);
                yield number(argument(given, 0)).map(value -> {
                    byte[] wide = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
                    return Arrays.copyOfRange(wide, Long.BYTES - Math.clamp(width, 1, 4), Long.BYTES);
                });
            }
            default -> throw new NotEvaluated("'" + function + "' is not worked out");
        };
    }

    private Optional<byte[]> ascii(List<Expression> given) throws NotEvaluated {
        int base = (int) whole(given, 0);
        int width = (int) (whole(given, 1) / 8);
        Optional<byte[]> between = bytes(argument(given, 2));
        Optional<byte[]> data = bytes(argument(given, 3));
        if (base < 2 || base > 16 || width < 1 || between.isEmpty() || data.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        byte[] all = data.get();
        for (int at = 0; at + width <= all.length; at += width) {
            text.append(at == 0 ? "" : latin(between.get()))
                    .append(new BigInteger(1, Arrays.copyOfRange(all, at, at + width)).toString(base));
        }
        return Optional.of(octets(text.toString()));
    }

    private static Optional<byte[]> reversed(int hunk, byte @Nullable [] from) {
        if (from == null || hunk < 1 || from.length % hunk != 0) {
            return Optional.empty();
        }
        byte[] to = new byte[from.length];
        for (int at = 0; at < from.length; at += hunk) {
            System.arraycopy(from, at, to, from.length - at - hunk, hunk);
        }
        return Optional.of(to);
    }

    private static Expression argument(List<Expression> given, int at) throws NotEvaluated {
        if (at >= given.size()) {
            throw new NotEvaluated("an argument is missing");
        }
        return given.get(at);
    }

    private long whole(List<Expression> given, int at) throws NotEvaluated {
        return number(argument(given, at)).orElseThrow(() -> new NotEvaluated("a number is missing"));
    }

    private Optional<byte[]> option(OptionName name) throws NotEvaluated {
        if (name.space().equals("agent")) {
            Integer code = AGENT.get(name.name().toLowerCase(java.util.Locale.ROOT));
            if (code == null) {
                throw new NotEvaluated("'" + name + "' is not worked out");
            }
            return packet.relayInformation().flatMap(relay -> relay.subOption(code));
        }
        if (!name.isDhcp()) {
            throw new NotEvaluated("options within options of clients are not worked out");
        }
        Optional<Long> code = encoding.code(name);
        return code.flatMap(found -> packet.options().bytes(found.intValue()));
    }

    private static byte[] cased(byte[] all, boolean upper) {
        byte[] cased = all.clone();
        for (int i = 0; i < cased.length; i++) {
            boolean other = upper ? cased[i] >= 'a' && cased[i] <= 'z' : cased[i] >= 'A' && cased[i] <= 'Z';
            cased[i] = (byte) (other ? cased[i] ^ 0x20 : cased[i]);
        }
        return cased;
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
