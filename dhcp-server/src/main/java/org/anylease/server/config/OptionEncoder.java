package org.anylease.server.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;

/** Turns an option's value, as the file has it, into the octets of a reply. */
final class OptionEncoder {
    /** No option is longer, in octets, pieced together (RFC 3396); few clients take messages beyond 1500. */
    static final int LENGTH_MAX = 1024;

    private static final int SUBOPTION_MAX = 255;

    private OptionEncoder() {}

    /** The octets; nothing when the value has problems, which are then reported. */
    static Optional<Octets> encode(OptionType type, Cursor value) {
        Optional<Octets> octets = switch (type) {
            case IPV4 -> value.read(Ipv4::parse).map(OptionEncoder::octets);
            case IPV4_LIST -> each(value, Ipv4::parse, OptionEncoder::octets);
            case IPV4_PAIRS -> each(value, OptionEncoder::pair, Function.identity());
            case U8 -> value.read(Notation.number(0, 0xff)).map(n -> number(n, 1));
            case U8_LIST -> each(value, Notation.number(0, 0xff), n -> number(n, 1));
            case U16 -> value.read(Notation.number(0, 0xffff)).map(n -> number(n, 2));
            case U16_LIST -> each(value, Notation.number(0, 0xffff), n -> number(n, 2));
            case U32 -> value.read(Notation.number(0, 0xffff_ffffL)).map(n -> number(n, 4));
            case I32 ->
                value.read(Notation.number(Integer.MIN_VALUE, Integer.MAX_VALUE))
                        .map(n -> number(n, 4));
            case SECONDS -> value.read(Notation::seconds).map(n -> number(n, 4));
            case BOOL -> value.read(Notation::bool).map(b -> Octets.of((byte) (b ? 1 : 0)));
            case TEXT ->
                value.read(Notation.text(LENGTH_MAX)).map(text -> Octets.of(text.getBytes(StandardCharsets.UTF_8)));
            case DOMAIN -> value.read(DomainNames::check).map(name -> DomainNames.encode(List.of(name), false));
            case DOMAIN_LIST -> domains(value, false);
            case COMPRESSED_DOMAIN_LIST -> domains(value, true);
            case ROUTES -> routes(value);
            case SIP_SERVERS -> sipServers(value);
            case HEX -> value.read(Notation::octets);
            case SUBOPTIONS -> suboptions(value);
        };
        if (octets.isPresent() && octets.get().length() > LENGTH_MAX) {
            value.error("the option takes " + octets.get().length() + " octets", "at most " + LENGTH_MAX);
            return Optional.empty();
        }
        return octets;
    }

    private static <T> Optional<Octets> each(Cursor value, Function<String, T> notation, Function<T, Octets> encoding) {
        List<Cursor> items = value.items();
        List<T> read = value.readAll(notation);
        if (items.isEmpty()) {
            value.error("the list is empty", "at least one value, or no such option");
        }
        return read.isEmpty() || read.size() < items.size()
                ? Optional.empty()
                : Optional.of(joined(read.stream().map(encoding).toList()));
    }

    private static Optional<Octets> domains(Cursor value, boolean compressed) {
        return each(value, DomainNames::check, name -> Octets.of(name.getBytes(StandardCharsets.US_ASCII)))
                .map(_ -> DomainNames.encode(value.readAll(DomainNames::check), compressed));
    }

    private static Octets pair(String text) {
        String[] words = text.strip().split("[ \t]+", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no pair of addresses (expected two, like \"10.9.0.0 10.0.0.1\")");
        }
        return joined(List.of(octets(Ipv4.parse(words[0])), octets(Ipv4.parse(words[1]))));
    }

    /** Width of the prefix, its significant octets, the router (RFC 3442 p. 3). */
    private static Octets route(Prefix to, Ipv4 via) {
        byte[] network = octets(to.network()).toArray();
        return joined(
                List.of(Octets.of((byte) to.length()), Octets.of(network, 0, (to.length() + 7) / 8), octets(via)));
    }

    private static Optional<Octets> routes(Cursor value) {
        if (!(value.value() instanceof YamlValue.Mapping)) {
            return each(value, OptionEncoder::route, Function.identity());
        }
        List<Octets> routes = new ArrayList<>();
        Map<String, Cursor> entries = value.entries("routers by prefix");
        entries.forEach((prefix, router) -> Notation.key(router, prefix, Prefix::parse)
                .ifPresent(to -> router.read(Ipv4::parse).ifPresent(via -> routes.add(route(to, via)))));
        return routes.isEmpty() || routes.size() < entries.size() ? Optional.empty() : Optional.of(joined(routes));
    }

    private static Octets route(String text) {
        String[] words = text.strip().split("[ \t]+", -1);
        if (words.length != 3 || !words[1].equals("via")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no route (expected one like 10.0.0.0/8 via 10.0.0.1)");
        }
        return route(Prefix.parse(words[0]), Ipv4.parse(words[2]));
    }

    private static Optional<Octets> sipServers(Cursor value) {
        boolean addresses = value.items().stream()
                .anyMatch(item -> item.value() instanceof YamlValue.Scalar scalar && Notation.isAddress(scalar.text()));
        return addresses
                ? each(value, Ipv4::parse, OptionEncoder::octets)
                        .map(list -> joined(List.of(Octets.of((byte) 1), list)))
                : domains(value, false).map(list -> joined(List.of(Octets.of((byte) 0), list)));
    }

    private static Optional<Octets> suboptions(Cursor value) {
        List<Octets> encoded = new ArrayList<>();
        Map<String, Cursor> entries = value.entries("suboptions by code");
        for (var entry : entries.entrySet()) {
            Optional<Long> code = Notation.key(entry.getValue(), entry.getKey(), Notation.number(1, 254));
            Optional<Octets> inner = OptionsReader.typed(entry.getValue(), OptionType.HEX);
            if (inner.isPresent() && inner.get().length() > SUBOPTION_MAX) {
                entry.getValue().error("a suboption cannot take " + inner.get().length() + " octets", "at most 255");
            } else if (code.isPresent() && inner.isPresent()) {
                encoded.add(Octets.of(code.get().byteValue(), (byte) inner.get().length()));
                encoded.add(inner.get());
            }
        }
        if (entries.isEmpty()) {
            value.error("there is no suboption", "at least one");
        }
        return encoded.size() < 2 * entries.size() || encoded.isEmpty()
                ? Optional.empty()
                : Optional.of(joined(encoded));
    }

    private static Octets octets(Ipv4 address) {
        return number(address.bits(), 4);
    }

    private static Octets number(long value, int width) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        return Octets.of(all, Long.BYTES - width, width);
    }

    private static Octets joined(List<Octets> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(part -> out.writeBytes(part.toArray()));
        return Octets.of(out.toByteArray());
    }
}
