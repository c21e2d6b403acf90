package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.server.dns.DnsPolicy.Names;
import org.anylease.server.dns.DnsPolicy.Updates;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** How clients of cells, networks and subnets are named: what a level does not say is as around it. */
final class DnsConfigTest {
    private static final String FILE = """
        cluster: example
        service-address: 192.0.2.67
        sites: { dc1: { servers: { dc1-a: 10.1.0.2 } } }
        dns:
          domain: example.net
          servers: 10.0.0.53
          generate: "dhcp-{address}"
          zones: { example.net: { }, 10.in-addr.arpa: { } }
        cells:
          east:
            dns: { ttl: 5m }
            networks:
              office:
                dns: { domain: office.example.net, reserved: leave }
                subnets:
                  10.0.0.0/24: { pools: [10.0.0.10-10.0.0.20] }
                  10.0.1.0/24: { pools: [10.0.1.10-10.0.1.20], dns: { updates: forward, generate: none } }
          west:
            networks:
              lab: { subnets: { 10.0.2.0/24: { pools: [10.0.2.10-10.0.2.20] } } }
        """;

    private static DnsPolicy policy(String file) {
        return Objects.requireNonNull(Examples.system(file).dns());
    }

    private static Names at(String address) {
        return policy(FILE).names(Ipv4.parse(address));
    }

    @Test
    void whatALevelDoesNotSayIsAsAroundIt() {
        Duration usual = Duration.ofMinutes(10);
        assertThat(at("10.0.2.10")).isEqualTo(new Names("example.net", Updates.BOTH, true, usual, "dhcp-{address}"));
        assertThat(at("10.0.0.10"))
                .isEqualTo(
                        new Names("office.example.net", Updates.BOTH, false, Duration.ofMinutes(5), "dhcp-{address}"));
        assertThat(at("10.0.1.10"))
                .isEqualTo(new Names("office.example.net", Updates.FORWARD, false, Duration.ofMinutes(5), null));
    }

    @Test
    void changesOfAPlaceAreToldWithItsSubnet() {
        String after = FILE.replace("updates: forward, ", "").replace("{ ttl: 5m }", "{ ttl: 20m }");
        assertThat(Examples.system(after).beside())
                .containsEntry("dns of 10.0.0.0/24 ttl", "20m")
                .containsEntry("dns of 10.0.0.0/24 domain", "office.example.net")
                .doesNotContainKey("dns of 10.0.1.0/24 updates")
                .doesNotContainKey("dns of 10.0.2.0/24 ttl");
        assertThat(Examples.system(FILE).beside()).containsEntry("dns of 10.0.1.0/24 updates", "forward");
    }
}
