package org.anylease.server.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.anylease.store.address.Octets;

/** Domain names as DNS writes them (RFC 1035 §3.1), with or without pointers to earlier names (§4.1.4). */
public final class DomainNames {
    private static final int NAME_MAX = 255;
    private static final int LABEL_MAX = 63;
    private static final int POINTER = 0xc000;

    private DomainNames() {}

    /** The name without a final dot, when it is one. */
    static String check(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean valid = !bare.isEmpty() && bare.length() <= NAME_MAX - 2;
        for (String label : bare.split("\\.", -1)) {
            valid = valid && !label.isEmpty() && label.length() <= LABEL_MAX && label.charAt(0) != '-';
            for (int i = 0; valid && i < label.length(); i++) {
                char c = label.charAt(i);
                valid = (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '_';
            }
        }
        if (!valid) {
            throw new IllegalArgumentException("'" + name
                    + "' is no domain name (expected labels of letters, digits and dashes, like example.net)");
        }
        return bare;
    }

    /** All names, one after the other; a tail that stands there already becomes a pointer, when asked for. */
    static Octets encode(List<String> names, boolean compressed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Integer> offsets = new TreeMap<>();
        for (String name : names) {
            String rest = name;
            boolean pointed = false;
            while (!rest.isEmpty() && !pointed) {
                Integer earlier = compressed ? offsets.get(rest.toLowerCase(Locale.ROOT)) : null;
                if (earlier != null) {
                    out.write(POINTER >> 8 | earlier >> 8);
                    out.write(earlier & 0xff);
                    pointed = true;
                } else {
                    if (out.size() < 1 << 14) {
                        offsets.put(rest.toLowerCase(Locale.ROOT), out.size());
                    }
                    int dot = rest.indexOf('.');
                    byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.US_ASCII);
                    out.write(label.length);
                    out.writeBytes(label);
                    rest = dot < 0 ? "" : rest.substring(dot + 1);
                }
            }
            if (!pointed) {
                out.write(0);
            }
        }
        return Octets.of(out.toByteArray());
    }

    /**
     * Names with pointers to what stands before them already (RFC 1035 §4.1.4).
     *
     * @param names domain names, one behind the other
     * @return the same, shorter where they share an end
     */
    public static Octets compressed(Octets names) {
        return encode(decode(names, 0), true);
    }

    /** The names in an option from some offset on. */
    static List<String> decode(Octets octets, int offset) {
        List<String> names = new ArrayList<>();
        int next = offset;
        while (next < octets.length()) {
            StringBuilder name = new StringBuilder();
            int at = next;
            boolean jumped = false;
            for (int steps = 0; octets.at(at) != 0; steps++) {
                int length = octets.at(at);
                if (steps > NAME_MAX) {
                    throw new IllegalArgumentException("a domain name points at itself");
                }
                if (length >= POINTER >> 8) {
                    next = jumped ? next : at + 2;
                    jumped = true;
                    at = (length & 0x3f) << 8 | octets.at(at + 1);
                } else {
                    name.append(name.isEmpty() ? "" : ".");
                    for (int i = 1; i <= length; i++) {
                        name.append((char) octets.at(at + i));
                    }
                    at += length + 1;
                }
            }
            next = jumped ? next : at + 1;
            names.add(name.toString());
        }
        return names;
    }
}
