package org.anylease.tools.anycast;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.anylease.server.config.Announcement;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Exabgp;
import org.anylease.server.config.AnycastConfig.RouteDaemon.Frr;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

class DaemonTextTest {
    @Test
    void birdGetsTwoConstants() {
        assertThat(DaemonText.birdInclude(Announcement.PREFERRED).lines().skip(1))
                .containsExactly("define anylease_announced = true;", "define anylease_inferior = false;");
        assertThat(DaemonText.birdInclude(Announcement.INFERIOR).lines().skip(1))
                .containsExactly("define anylease_announced = true;", "define anylease_inferior = true;");
        assertThat(DaemonText.birdInclude(Announcement.WITHDRAWN).lines().skip(1))
                .containsExactly("define anylease_announced = false;", "define anylease_inferior = false;");
        assertThat(DaemonText.birdConstants(Announcement.INFERIOR)).containsExactly("TRUE", "TRUE");
    }

    @Test
    void frrGetsTheOperatorsLinesBelowConfigureTerminal() {
        Frr frr = new Frr(List.of("no set metric"), List.of("set metric 1000"), List.of("route-map A deny 10"));
        assertThat(DaemonText.vtysh(frr, Announcement.INFERIOR))
                .containsExactly("-c", "configure terminal", "-c", "set metric 1000");
        assertThat(DaemonText.vtysh(frr, Announcement.WITHDRAWN)).endsWith("-c", "route-map A deny 10");
    }

    @Test
    void exabgpGetsOneLineForAnyChange() {
        Exabgp exabgp = new Exabgp("next-hop self med 0", "next-hop self med 1000");
        Ipv4 address = Ipv4.parse("192.0.2.67");
        assertThat(DaemonText.exabgp(exabgp, address, Announcement.PREFERRED))
                .isEqualTo("announce route 192.0.2.67/32 next-hop self med 0");
        assertThat(DaemonText.exabgp(exabgp, address, Announcement.INFERIOR))
                .isEqualTo("announce route 192.0.2.67/32 next-hop self med 1000");
        assertThat(DaemonText.exabgp(exabgp, address, Announcement.WITHDRAWN))
                .isEqualTo("withdraw route 192.0.2.67/32 next-hop self med 0");
    }
}
