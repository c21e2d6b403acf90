package org.anylease.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** Which address of this machine stands on the link that another is on. */
final class InterfaceTableTest {
    private static final Ipv4 SHARED = Ipv4.parse("192.0.2.67");

    private final InterfaceTable table = new InterfaceTable(List.of(
            link("lo", false, "127.0.0.1/8", "192.0.2.67/32"),
            link("up0", true, "10.0.0.5/8"),
            link("lan0", true, "10.60.0.67/24", "10.60.0.2/24"),
            link("lan1", true, "192.0.2.67/24")));

    private static InterfaceTable.Link link(String name, boolean neighbours, String... addresses) {
        List<InterfaceTable.Prefix> prefixes = Stream.of(addresses)
                .map(text -> text.split("/", 2))
                .map(parts -> new InterfaceTable.Prefix(Ipv4.parse(parts[0]), Integer.parseInt(parts[1])))
                .toList();
        return new InterfaceTable.Link(name, 1, true, neighbours, "", 1500, prefixes);
    }

    @Test
    void theLongestPrefixDecides() {
        assertThat(table.addressTowards(Ipv4.parse("10.60.0.9"), Set.of(Ipv4.parse("10.60.0.67"))))
                .contains(Ipv4.parse("10.60.0.2"));
        assertThat(table.addressTowards(Ipv4.parse("10.61.0.9"), Set.of())).contains(Ipv4.parse("10.0.0.5"));
    }

    @Test
    void noExceptionCountsThoughItIsOnTheLink() {
        Ipv4 there = Ipv4.parse("192.0.2.9");
        assertThat(table.isOnLink(there)).isTrue();
        assertThat(table.addressTowards(there, Set.of(SHARED))).isEmpty();
    }

    @Test
    void loopbackIsNoLink() {
        assertThat(table.addressTowards(Ipv4.parse("127.0.0.9"), Set.of())).isEmpty();
        assertThat(table.isOnLink(Ipv4.parse("172.16.0.1"))).isFalse();
    }
}
