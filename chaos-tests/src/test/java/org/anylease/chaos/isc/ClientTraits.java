package org.anylease.chaos.isc;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.store.address.Ipv4;

/**
 * What a client of a script sends, in words: {@code via 10.1.0.1 mac 02:00:00:01:00:01 want 1,3,6 ask 10.1.0.10}.
 *
 * @param words values by their name
 */
record ClientTraits(Map<String, String> words) {
    /** What a client asks for that does not say: what usual clients do. */
    private static final String WANTED = "1,3,6,12,15,28,42,51,54,58,59";

    ClientTraits {
        words = new TreeMap<>(words);
    }

    /** Names and values in turn, over what is here already. */
    ClientTraits with(String[] text, int from) {
        Map<String, String> more = new TreeMap<>(words);
        for (int i = from; i < text.length; i++) {
            switch (text[i]) {
                case "broadcast" -> more.put("broadcast", "yes");
                case "mac",
                        "id",
                        "via",
                        "want",
                        "ask",
                        "lease",
                        "host",
                        "vendor",
                        "user",
                        "circuit",
                        "remote",
                        "link",
                        "subnet",
                        "secs",
                        "from",
                        "size",
                        "server" -> more.put(text[i], text[++i]);
                default -> {
                    if (!text[i].matches("option-[0-9]+")) {
                        throw new IllegalArgumentException("'" + text[i] + "' has no meaning in a script");
                    }
                    more.put(text[i], text[++i]);
                }
            }
        }
        return new ClientTraits(more);
    }

    boolean has(String name) {
        return words.containsKey(name);
    }

    String get(String name) {
        String value = words.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the script does not say '" + name + "'");
        }
        return value;
    }

    Ipv4 relay() {
        return has("via") ? Ipv4.parse(get("via")) : Ipv4.UNSPECIFIED;
    }

    HardwareAddress hardware(String otherwise) {
        return HardwareAddress.ethernet(has("mac") ? get("mac") : otherwise);
    }

    int secs() {
        return has("secs") ? Integer.parseInt(get("secs")) : 0;
    }

    /** Puts the options that the client sends in every message. */
    void put(OptionsBuilder options) {
        text(options, "host", OptionCode.HOSTNAME);
        text(options, "vendor", OptionCode.CLASS_ID);
        text(options, "user", 77);
        if (has("id")) {
            options.bytes(
                    OptionCode.CLIENT_ID, HexFormat.of().parseHex(get("id").replace(":", "")));
        }
        String wanted = has("want") ? get("want") : WANTED;
        if (!wanted.equals("nothing")) {
            String[] codes = wanted.split(",", -1);
            byte[] list = new byte[codes.length];
            for (int i = 0; i < list.length; i++) {
                list[i] = (byte) Integer.parseInt(codes[i]);
            }
            options.bytes(OptionCode.PARAMETER_LIST, list);
        }
        if (has("lease")) {
            options.u32(OptionCode.ADDRESS_TIME, Long.parseLong(get("lease")));
        }
        if (has("size")) {
            options.u16(OptionCode.MAXIMUM_MESSAGE_SIZE, Integer.parseInt(get("size")));
        }
        if (has("subnet")) {
            options.ipv4(OptionCode.SUBNET_SELECTION, Ipv4.parse(get("subnet")));
        }
        words.forEach((name, value) -> {
            if (name.startsWith("option-")) {
                int code = Integer.parseInt(name.substring("option-".length()));
                options.bytes(code, HexFormat.of().parseHex(value.replace(":", "")));
            }
        });
        relayInformation(options);
    }

    private void text(OptionsBuilder options, String name, int code) {
        if (has(name)) {
            options.string(code, get(name));
        }
    }

    private void relayInformation(OptionsBuilder options) {
        StringBuilder hex = new StringBuilder();
        if (has("circuit")) {
            suboption(hex, 1, get("circuit").getBytes(StandardCharsets.ISO_8859_1));
        }
        if (has("remote")) {
            suboption(hex, 2, get("remote").getBytes(StandardCharsets.ISO_8859_1));
        }
        if (has("link")) {
            int bits = Ipv4.parse(get("link")).bits();
            suboption(hex, 5, (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits);
        }
        if (!hex.isEmpty()) {
            options.bytes(OptionCode.RELAY_AGENT_INFORMATION, HexFormat.of().parseHex(hex));
        }
    }

    private static void suboption(StringBuilder hex, int code, byte... value) {
        HexFormat format = HexFormat.of();
        hex.append(format.toHexDigits((byte) code)).append(format.toHexDigits((byte) value.length));
        hex.append(format.formatHex(value));
    }
}
