package org.anylease.server.isc.convert;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.anylease.server.isc.syntax.Piece;
import org.anylease.store.address.Ipv4;

/** IPv6 addresses within options, as text (RFC 4291 §2.2). */
final class Ipv6Text {
    private static final int GROUPS = 8;

    private Ipv6Text() {}

    static byte[] parse(Piece piece) throws MalformedData {
        String text = piece.text();
        int gap = text.indexOf("::");
        try {
            List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap));
            List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2));
            int missing = GROUPS - head.size() - tail.size();
            if (gap < 0 ? missing != 0 : missing < 1) {
                throw new IllegalArgumentException("wrong number of groups");
            }
            ByteBuffer bytes = ByteBuffer.allocate(2 * GROUPS);
            head.forEach(group -> bytes.putShort(group.shortValue()));
            bytes.position(bytes.position() + 2 * missing);
            tail.forEach(group -> bytes.putShort(group.shortValue()));
            return bytes.array();
        } catch (IllegalArgumentException e) {
            throw new MalformedData(piece, "'" + text + "' is no IPv6 address");
        }
    }

    private static List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        for (String group : text.split(":", -1)) {
            if (group.indexOf('.') >= 0) {
                int bits = Ipv4.parse(group).bits();
                groups.add(bits >>> 16);
                groups.add(bits & 0xffff);
            } else if (group.matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(group, 16));
            } else {
                throw new IllegalArgumentException("'" + group + "' is no group");
            }
        }
        return groups;
    }
}
