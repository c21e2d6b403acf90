package org.anylease.server.isc.convert;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.syntax.Expression;

/** Host names that dhcpd.conf makes of the leased address, as {@code generate} of ours writes them. */
final class GeneratedName {
    /** What stands for the address. */
    static final String ADDRESS = "{address}";

    private GeneratedName() {}

    /** The name with {@link #ADDRESS} in it; nothing when the expression is another. */
    static Optional<String> of(Expression expression) {
        return switch (expression) {
            case Expression.Call call
            when call.function().equals("pick-first-value") || call.function().equals("pick") ->
                isOfClient(call.arguments()) ? of(call.arguments().getLast()) : Optional.empty();
            case Expression.Call call when call.function().equals("concat") -> joined(call.arguments());
            case Expression.Constant constant ->
                Optional.of(new String(constant.octets().toArray(), StandardCharsets.ISO_8859_1));
            case Expression.Call call -> isAddress(call) ? Optional.of(ADDRESS) : Optional.empty();
            case Expression.Numeral _,
                    Expression.OfOption _,
                    Expression.Name _,
                    Expression.Not _,
                    Expression.Binary _ -> Optional.empty();
        };
    }

    /** All but the last are names that the client says, which go first here as well. */
    private static boolean isOfClient(List<Expression> arguments) {
        return !arguments.isEmpty()
                && arguments.subList(0, arguments.size() - 1).stream()
                        .allMatch(each -> each instanceof Expression.OfOption option
                                && (option.option().name().equals("host-name")
                                        || option.option().space().equals("fqdn")));
    }

    private static Optional<String> joined(List<Expression> parts) {
        StringBuilder name = new StringBuilder();
        for (Expression part : parts) {
            Optional<String> text = of(part);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            name.append(text.get());
        }
        String whole = name.toString();
        boolean fits = whole.replace(ADDRESS, "").matches("[A-Za-z0-9-]{0,40}")
                && whole.indexOf(ADDRESS) == whole.lastIndexOf(ADDRESS);
        return fits ? Optional.of(whole) : Optional.empty();
    }

    /** {@code binary-to-ascii(10, 8, "-", leased-address)}. */
    private static boolean isAddress(Expression.Call call) {
        List<Expression> given = call.arguments();
        return call.function().equals("binary-to-ascii")
                && given.size() == 4
                && given.get(0) instanceof Expression.Numeral(var _, long base)
                && base == 10
                && given.get(1) instanceof Expression.Numeral(var _, long bits)
                && bits == 8
                && given.get(2) instanceof Expression.Constant between
                && between.octets().length() == 1
                && between.octets().at(0) == '-'
                && given.get(3) instanceof Expression.Name(var _, String name)
                && name.equals("leased-address");
    }
}
