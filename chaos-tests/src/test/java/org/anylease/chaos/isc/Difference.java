package org.anylease.chaos.isc;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anylease.chaos.isc.PacketScript.Answer;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Packet;

/**
 * Where two replies differ.
 *
 * @param scenario in which
 * @param step to what
 * @param field of the header, or {@code option N}
 * @param dhcpd what ISC's dhcpd sent, {@code absent} for nothing
 * @param ours what Anylease sent
 */
record Difference(String scenario, String step, String field, String dhcpd, String ours) {
    static final String ABSENT = "absent";
    static final String REPLY = "reply";

    /** Leases are counted from the moment of the reply, which is not the same on both sides. */
    private static final long SECONDS_APART_MAX = 2;

    static List<Difference> between(
            String scenario, String step, Optional<ServerSide.Heard> dhcpd, Optional<ServerSide.Heard> ours) {
        String theirAnswer = answer(dhcpd);
        String ourAnswer = answer(ours);
        if (!theirAnswer.equals(ourAnswer)) {
            return List.of(new Difference(scenario, step, REPLY, theirAnswer, ourAnswer));
        }
        List<Difference> differences = new ArrayList<>();
        if (dhcpd.isPresent() && ours.isPresent()) {
            Map<String, String> theirs = fields(dhcpd.get());
            Map<String, String> own = fields(ours.get());
            TreeSet<String> names = new TreeSet<>(theirs.keySet());
            names.addAll(own.keySet());
            for (String name : names) {
                String there = theirs.getOrDefault(name, ABSENT);
                String here = own.getOrDefault(name, ABSENT);
                if (!same(name, there, here)) {
                    differences.add(new Difference(scenario, step, name, there, here));
                }
            }
        }
        return differences;
    }

    private static String answer(Optional<ServerSide.Heard> heard) {
        Answer answer =
                heard.map(reply -> ScriptedClient.answer(reply.packet())).orElse(Answer.SILENCE);
        return answer.name().toLowerCase(Locale.ROOT);
    }

    /** Whether two values are the same, or times that were told a moment apart. */
    static boolean same(String name, String there, String here) {
        if (there.equals(here)) {
            return true;
        }
        boolean time = name.equals("option " + OptionCode.ADDRESS_TIME)
                || name.equals("option " + OptionCode.RENEWAL_TIME)
                || name.equals("option " + OptionCode.REBINDING_TIME);
        return time
                && isNumber(there)
                && isNumber(here)
                && Math.abs(Long.parseLong(there, 16) - Long.parseLong(here, 16)) <= SECONDS_APART_MAX;
    }

    private static boolean isNumber(String value) {
        return value.matches("[0-9a-f]{8}");
    }

    private static Map<String, String> fields(ServerSide.Heard heard) {
        Packet packet = heard.packet();
        Map<String, String> fields = new TreeMap<>();
        fields.put("way", heard.way());
        fields.put("op", packet.op().toString());
        fields.put("chaddr", packet.hardware().toString());
        fields.put("hops", Integer.toString(packet.hops()));
        fields.put("secs", Integer.toString(packet.secs()));
        fields.put("flags", Integer.toHexString(packet.flags()));
        fields.put("ciaddr", packet.ciaddr().toString());
        fields.put("yiaddr", packet.yiaddr().toString());
        fields.put("siaddr", packet.siaddr().toString());
        fields.put("giaddr", packet.giaddr().toString());
        packet.serverName().ifPresent(name -> fields.put("sname", name));
        packet.bootFile().ifPresent(name -> fields.put("file", name));
        for (int code : packet.options().codes()) {
            byte[] value = packet.options().bytes(code).orElseThrow();
            fields.put("option " + code, HexFormat.of().formatHex(value));
        }
        return fields;
    }

    @Override
    public String toString() {
        return scenario + ": " + step + ": " + field + ": dhcpd " + dhcpd + ", Anylease " + ours;
    }
}
