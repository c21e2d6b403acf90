package org.anylease.chaos.isc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What clients send, and what dhcpd answers, a line for each packet:
 *
 * <pre>
 *   client c1 via 10.1.0.1 want 1,3,6
 *   discover c1 ask 10.1.0.10 -&gt; offer
 *   select c1 -&gt; ack
 * </pre>
 *
 * @param steps in order
 */
record PacketScript(List<Step> steps) {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** What a client sends. */
    enum Act {
        DISCOVER,
        SELECT,
        REBOOT,
        RENEW,
        REBIND,
        INFORM,
        RELEASE,
        DECLINE,
        /** A request without message type (RFC 951). */
        BOOTP
    }

    /** What a server answers. */
    enum Answer {
        OFFER,
        ACK,
        NAK,
        /** A reply without message type. */
        BOOTREPLY,
        SILENCE
    }

    /**
     * One packet.
     *
     * @param line of the script, from 1
     * @param act what it is
     * @param client who sends it
     * @param traits what is in it
     * @param expected what dhcpd answers
     */
    record Step(int line, Act act, String client, ClientTraits traits, Answer expected) {
        @Override
        public String toString() {
            return act.name().toLowerCase(Locale.ROOT) + " " + client + " (line " + line + ")";
        }
    }

    PacketScript {
        steps = List.copyOf(steps);
    }

    static PacketScript read(Path file) throws IOException {
        Map<String, ClientTraits> clients = new HashMap<>();
        List<Step> steps = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).replaceFirst("#.*", "").strip();
            try {
                if (!line.isEmpty()) {
                    read(line, number, clients, steps);
                }
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return new PacketScript(steps);
    }

    private static void read(String line, int number, Map<String, ClientTraits> clients, List<Step> steps) {
        String[] sides = line.split("->", -1);
        String[] words = SPACE.split(sides[0].strip(), -1);
        ClientTraits traits =
                clients.getOrDefault(words[1], new ClientTraits(Map.of())).with(words, 2);
        if (words[0].equals("client")) {
            clients.put(words[1], traits);
            return;
        }
        Answer expected = Answer.valueOf(sides[1].strip().toUpperCase(Locale.ROOT));
        Act act = Act.valueOf(words[0].toUpperCase(Locale.ROOT));
        steps.add(new Step(number, act, words[1], traits, expected));
    }
}
