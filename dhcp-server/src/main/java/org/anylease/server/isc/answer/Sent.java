package org.anylease.server.isc.answer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.anylease.server.isc.answer.IscAnswer.Said;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;

/** Which options of all that are configured are sent: what the client asks for, and what is sent in any case. */
final class Sent {
    private static final long USUAL = 43_200;
    private static final long LONGEST = 86_400;
    private static final long SHORTEST = 300;
    private static final long INFINITE = 0xffff_ffffL;

    private final Packet packet;
    private final Ipv4 address;
    private final Level subnet;
    private final @Nullable String host;
    private final Execution execution;

    Sent(Packet packet, Ipv4 address, Level subnet, @Nullable String host, Execution execution) {
        this.packet = packet;
        this.address = address;
        this.subnet = subnet;
        this.host = host;
        this.execution = execution;
    }

    void put(SortedMap<String, Said> fields) {
        SortedMap<Integer, Execution.Told> options = execution.options();
        complete(options);
        Optional<byte[]> asked = Optional.ofNullable(options.get(OptionCode.PARAMETER_LIST))
                .map(told -> told.octets().toArray())
                .or(() -> packet.options().bytes(OptionCode.PARAMETER_LIST));
        TreeSet<Integer> wanted = new TreeSet<>();
        wanted.add(OptionCode.SUBNET_MASK);
        wanted.add(OptionCode.ADDRESS_TIME);
        for (byte code : asked.orElse(new byte[0])) {
            wanted.add(code & 255);
        }
        options.forEach((code, told) -> {
            if (code != OptionCode.PARAMETER_LIST && (asked.isEmpty() || wanted.contains(code))) {
                fields.put("option " + code, new Said(IscAnswers.hex(told.octets()), told.by()));
            }
        });
    }

    /** What dhcpd works out by itself. */
    private void complete(SortedMap<Integer, Execution.Told> options) {
        Prefix prefix = subnet.prefix;
        if (prefix != null) {
            options.putIfAbsent(
                    OptionCode.SUBNET_MASK,
                    new Execution.Told(number(prefix.mask().bits()), places(subnet.at)));
        }
        Optional<Execution.Parameter> named = execution.parameter("use-host-decl-names");
        String name = host;
        if (name != null && named.isPresent() && named.get().text().equals("true")) {
            options.putIfAbsent(
                    OptionCode.HOSTNAME,
                    new Execution.Told(
                            Octets.of(name.getBytes(StandardCharsets.ISO_8859_1)),
                            List.of(named.get().by())));
        }
        execution
                .parameter("use-lease-addr-for-default-route")
                .filter(held -> held.text().equals("true"))
                .ifPresent(held -> options.putIfAbsent(
                        OptionCode.ROUTER, new Execution.Told(number(address.bits()), List.of(held.by()))));
        times(options);
    }

    private void times(SortedMap<Integer, Execution.Told> options) {
        List<Place> by = new ArrayList<>();
        long longest = seconds("max-lease-time", LONGEST, by);
        long shortest = Math.min(seconds("min-lease-time", SHORTEST, by), longest);
        long usual = seconds("default-lease-time", USUAL, by);
        long wished = packet.options().u32(OptionCode.ADDRESS_TIME).orElse(usual);
        long time = Math.max(Math.min(wished, longest), shortest);
        execution.parameter("adaptive-lease-time-threshold").ifPresent(_ -> {
            execution.undetermined.addAll(IscAnswers.fieldsOf("default-lease-time"));
        });
        options.put(OptionCode.ADDRESS_TIME, new Execution.Told(number((int) time), by));
    }

    private long seconds(String parameter, long otherwise, List<Place> by) {
        Optional<Execution.Parameter> held =
                execution.parameter(parameter).filter(said -> said.text().matches("-?[0-9]{1,10}"));
        held.ifPresent(said -> by.add(said.by()));
        long seconds = held.map(said -> Long.parseLong(said.text())).orElse(otherwise);
        return seconds < 0 ? INFINITE : seconds;
    }

    private static List<Place> places(@Nullable Place at) {
        return at == null ? List.of() : List.of(at);
    }

    private static Octets number(int bits) {
        return Octets.of(ByteBuffer.allocate(4).putInt(bits).array());
    }
}
