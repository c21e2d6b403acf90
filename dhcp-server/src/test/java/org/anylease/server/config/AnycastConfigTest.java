package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.anylease.server.config.AnycastConfig.Policy;
import org.anylease.server.config.AnycastConfig.RouteDaemon;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

class AnycastConfigTest {
    private static AnycastConfig read(String text) {
        ConfigReading<AnycastConfig> reading = ConfigFile.anycast(ConfigSource.of("anycast.yaml", text));
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(Accepted.class);
        return ((Accepted<AnycastConfig>) reading).value();
    }

    private static String text(String example) {
        return new String(Examples.example("anycast/" + example).octets().toArray(), StandardCharsets.UTF_8);
    }

    @Test
    void withTheServiceAddressALinkAndADaemonTheRestHasDefaults() {
        AnycastConfig config = read(text("bird.yaml"));
        assertThat(config.check())
                .isEqualTo(new AnycastConfig.Check(
                        List.of(Ipv4.parse("10.0.0.0")),
                        Ipv4.parse("192.0.2.67"),
                        67,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(500),
                        ServerConfig.ADMIN));
        assertThat(config.policy())
                .isEqualTo(new Policy(5, 3, Announcement.INFERIOR, Announcement.INFERIOR, Announcement.INFERIOR));
        assertThat(config.daemon())
                .isEqualTo(new RouteDaemon.Bird(
                        Path.of("/var/lib/anylease-anycast/bird.conf"), Path.of("/run/bird/bird.ctl")));
        assertThat(config.addressInterface()).isNull();
    }

    @Test
    void everyDaemonGetsWhatTheFileSaysForIt() {
        assertThat(read(text("frr.yaml")).daemon())
                .isInstanceOfSatisfying(
                        RouteDaemon.Frr.class,
                        frr -> assertThat(frr.inferior())
                                .containsExactly(
                                        "route-map ANYLEASE permit 10",
                                        "set metric 1000",
                                        "set community graceful-shutdown additive"));
        assertThat(read(text("exabgp.yaml")).daemon())
                .isEqualTo(new RouteDaemon.Exabgp("next-hop self med 0", "next-hop self med 1000 community [65535:0]"));
        AnycastConfig address = read(text("address.yaml"));
        assertThat(address.daemon()).isNull();
        assertThat(address.addressInterface()).isEqualTo("lo");
        assertThat(address.policy().whenFailing()).isEqualTo(Announcement.WITHDRAWN);
    }

    @Test
    void aShortIntervalShortensTheTimeoutThatIsNotSaid() {
        AnycastConfig config = read("""
            service-address: 192.0.2.67
            check: { links: 10.0.0.0, interval: 200ms }
            bird: { include: /tmp/b.conf, socket: /tmp/b.ctl }
            """);
        assertThat(config.check().timeout()).isEqualTo(Duration.ofMillis(200));
    }
}
