package org.anylease.server.isc.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.anylease.server.isc.answer.IscAnswer.Said;
import org.anylease.server.isc.syntax.Place;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Octets;

/**
 * Two answers to one client, field by field.
 *
 * @param rows in the order of their names, {@code reply} first
 */
public record Comparison(List<Row> rows) {
    /** What a field is where an answer does not have it. */
    public static final String ABSENT = "absent";

    /** What a server sends by itself, or gives back, whatever its configuration says. */
    private static final List<String> OF_PROTOCOL = Stream.of(
                    OptionCode.MESSAGE_TYPE,
                    OptionCode.SERVER_ID,
                    OptionCode.OVERLOAD,
                    OptionCode.CLIENT_ID,
                    OptionCode.RELAY_AGENT_INFORMATION,
                    OptionCode.SUBNET_SELECTION,
                    OptionCode.CLIENT_FQDN)
            .map(code -> "option " + code)
            .toList();

    /** How the two sides of a field compare. */
    public enum Verdict {
        /** They say the same. */
        EQUAL,
        /** They do not. */
        DIFFERENT,
        /** One side depends on a statement that was not evaluated. */
        NOT_EVALUATED,
        /** It differs by intention wherever it is not asked for. */
        BY_INTENTION
    }

    /**
     * A field.
     *
     * @param field {@code reply}, a field of the header, or {@code option N}
     * @param verdict how the sides compare
     * @param isc what dhcpd answers
     * @param by the statements that say so
     * @param ours what Anylease answers
     */
    public record Row(String field, Verdict verdict, String isc, List<Place> by, String ours) {
        /** Copies the list. */
        public Row {
            by = List.copyOf(by);
        }

        /**
         * The option that it is.
         *
         * @return its code; nothing of a field of the header
         */
        public Optional<Integer> code() {
            return field.startsWith("option ")
                    ? Optional.of(Integer.parseInt(field.substring("option ".length())))
                    : Optional.empty();
        }
    }

    /** Copies the list. */
    public Comparison {
        rows = List.copyOf(rows);
    }

    /**
     * Compares.
     *
     * @param isc what dhcpd answers
     * @param reply what Anylease answers, empty for nothing
     * @return all fields that either has
     */
    public static Comparison of(IscAnswer isc, List<Packet> reply) {
        SortedMap<String, String> ours = new TreeMap<>();
        ours.put(IscAnswer.REPLY, reply.isEmpty() ? "silence" : word(reply.getFirst()));
        reply.forEach(packet -> put(packet, ours));
        boolean alike = value(isc, IscAnswer.REPLY).equals(ours.get(IscAnswer.REPLY));
        TreeSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(isc.fields().keySet());
        names.remove(IscAnswer.REPLY);
        OF_PROTOCOL.forEach(names::remove);
        List<Row> rows = new ArrayList<>();
        rows.add(row(IscAnswer.REPLY, isc, ours));
        if (alike) {
            names.forEach(name -> rows.add(row(name, isc, ours)));
        }
        return new Comparison(rows);
    }

    private static String word(Packet packet) {
        return packet.messageType().filter(type -> type == MessageType.OFFER).isPresent() ? "offer" : "another";
    }

    private static void put(Packet packet, SortedMap<String, String> fields) {
        fields.put(IscAnswer.ADDRESS, packet.yiaddr().toString());
        fields.put("siaddr", packet.siaddr().toString());
        fields.put("flags", Integer.toHexString(packet.flags()));
        packet.serverName().ifPresent(name -> fields.put("sname", name));
        packet.bootFile().ifPresent(name -> fields.put("file", name));
        for (int code : packet.options().codes()) {
            fields.put(
                    "option " + code,
                    IscAnswers.hex(Octets.of(packet.options().bytes(code).orElseThrow())));
        }
    }

    private static String value(IscAnswer isc, String name) {
        Said said = isc.fields().get(name);
        return said == null ? ABSENT : said.value();
    }

    private static Row row(String name, IscAnswer isc, SortedMap<String, String> ours) {
        Said said = isc.fields().getOrDefault(name, new Said(ABSENT, List.of()));
        String own = ours.getOrDefault(name, ABSENT);
        boolean unasked =
                (name.equals("option " + OptionCode.RENEWAL_TIME) || name.equals("option " + OptionCode.REBINDING_TIME))
                        && said.value().equals(ABSENT);
        Verdict verdict = isc.undetermined().contains(name)
                ? Verdict.NOT_EVALUATED
                : said.value().equals(own) ? Verdict.EQUAL : unasked ? Verdict.BY_INTENTION : Verdict.DIFFERENT;
        return new Row(name, verdict, said.value(), said.by(), own);
    }

    /**
     * How many fields came to a verdict.
     *
     * @param verdict which
     * @return the number
     */
    public long count(Verdict verdict) {
        return rows.stream().filter(row -> row.verdict() == verdict).count();
    }
}
