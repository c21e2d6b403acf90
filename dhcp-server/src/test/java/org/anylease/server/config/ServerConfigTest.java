package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigReading.Refused;
import org.anylease.server.config.SystemConfig.Server;
import org.anylease.store.address.AddressRange;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.ServerId;
import org.anylease.store.cell.SiteId;
import org.junit.jupiter.api.Test;

class ServerConfigTest {
    private static ServerConfig server(String text) {
        return Examples.server(ConfigSource.of("/etc/anylease/server.yaml", text));
    }

    private static ConfigReading<ServerSetup> setup(String own, String system) {
        return ServerSetup.of(server(own), "server.yaml", Examples.system(Examples.example(system)));
    }

    @Test
    void aServersFileNeedsOnlyItsName() {
        ServerConfig config = server("id: dc1-a");
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/anylease"));
        assertThat(config.systemFile()).isEqualTo(Path.of("/etc/anylease/anylease.yaml"));
        assertThat(config.admin()).hasToString("127.0.0.1:6780");
        assertThat(config.listen().port()).isEqualTo(67);
        assertThat(config.allowNoProbe()).isFalse();
        assertThat(config.snapshots()).isEqualTo(new SnapshotSettings(100_000, 128L << 20, 2));
    }

    @Test
    void protectsAsTheFileSays() {
        assertThat(server("id: a").protection()).isEqualTo(ProtectionSettings.NONE);
        assertThat(server("id: a\nprotection: { relays: [10.0.0.0/24, 192.0.2.1], circuit-clients: 20 }")
                        .protection())
                .isEqualTo(new ProtectionSettings(
                        List.of(AddressRange.parse("10.0.0.0/24"), AddressRange.parse("192.0.2.1-192.0.2.1")),
                        0,
                        20,
                        0,
                        0));
        assertThat(ConfigFile.server(ConfigSource.of(
                                "server.yaml", "id: a\nprotection: { relays: nowhere, client-packets: 0 }"))
                        .problems())
                .anySatisfy(found -> assertThat(found.toString()).contains("not an address range: 'nowhere'"))
                .anySatisfy(found -> assertThat(found.toString()).contains("0 is out of bounds"));
    }

    @Test
    void snapshotsAreWrittenAsTheFileSays() {
        assertThat(server("id: a\nsnapshots: { entries: 400, log-size: 256KiB }")
                        .snapshots())
                .isEqualTo(new SnapshotSettings(400, 256L << 10, 2));
        assertThat(server("id: a\nsnapshots: { log-size: 1GiB, retained: 3 }").snapshots())
                .isEqualTo(new SnapshotSettings(100_000, 1L << 30, 3));
        Map.of(
                        "entries: 99",
                        "99 is out of bounds (expected 100 to 100000000)",
                        "log-size: 128",
                        "'128' is no size (expected one like 128MiB)",
                        "log-size: 255KiB",
                        "'255KiB' is out of bounds (expected 256KiB to 4096MiB)",
                        "log-size: 5GiB",
                        "'5GiB' is out of bounds (expected 256KiB to 4096MiB)",
                        "retained: 0",
                        "0 is out of bounds (expected 1 to 10)")
                .forEach((said, problem) -> assertThat(
                                ConfigFile.server(ConfigSource.of("server.yaml", "id: a\nsnapshots: { " + said + " }"))
                                        .problems())
                        .as(said)
                        .anySatisfy(found -> assertThat(found.toString()).contains(problem)));
    }

    @Test
    void theSystemFileSaysTheRest() {
        ServerSetup setup = ((Accepted<ServerSetup>) setup("id: dc1-a", "three-sites.yaml")).value();
        assertThat(setup.site()).isEqualTo(new SiteId("dc1"));
        assertThat(setup.cells()).containsExactly(new CellId("north"), new CellId("south"));
        assertThat(setup.serviceAddresses()).containsExactly(Ipv4.parse("192.0.2.67"));
        assertThat(setup.ownAddresses()).containsExactly(Ipv4.parse("10.1.0.2"));
        assertThat(setup.raft()).hasToString("10.1.0.2:6781");
        assertThat(setup.link()).hasToString("10.1.0.2:6782");
        assertThat(setup.probeSource()).hasToString("10.1.0.2");
        assertThat(setup.peers())
                .extracting(peer -> peer.id().name())
                .containsExactly("dc1-b", "dc2-a", "dc2-b", "dc3-a");
    }

    @Test
    void theServersOwnFileWins() {
        ServerConfig own = Examples.server(Examples.example("server-many-features.yaml"));
        SystemConfig system = Examples.system(Examples.example("many-features.yaml"));
        ServerSetup setup = ((Accepted<ServerSetup>) ServerSetup.of(own, "server.yaml", system)).value();
        assertThat(setup.serviceAddresses()).containsExactly(Ipv4.parse("192.0.2.67"));
        assertThat(setup.raft()).hasToString("10.1.0.2:7781");
        assertThat(setup.probeSource()).hasToString("172.16.1.2");
        assertThat(setup.peers())
                .containsExactly(
                        new Server(new ServerId("dc2-a"), List.of(Ipv4.parse("172.16.2.2")), 6791, 6792),
                        new Server(new ServerId("dc2-b"), List.of(Ipv4.parse("172.16.2.3")), 6781, 6782));
        assertThat(own.boot().nextServer()).isEqualTo(Ipv4.parse("10.1.0.9"));
        assertThat(own.allowNoProbe()).isTrue();
    }

    @Test
    void filesThatDoNotGoTogetherAreRefused() {
        assertThat(setup("id: dc1-x", "three-sites.yaml"))
                .isEqualTo(new Refused<>(List.of(new ConfigProblem(
                        ConfigProblem.Severity.ERROR,
                        "server.yaml",
                        1,
                        1,
                        "id",
                        "server 'dc1-x' stands in no site of the system file",
                        "did you mean 'dc1-a'?"))));
        assertThat(setup("id: dc1-a\nprobe-source: 192.0.2.67", "three-sites.yaml"))
                .isInstanceOf(Refused.class);
        assertThat(setup("id: dc1-a\npeers: { dc9-a: 10.9.0.2 }", "three-sites.yaml"))
                .isInstanceOf(Refused.class);
        assertThat(setup("id: dc1-a\npeers: { dc1-a: 10.9.0.2 }", "three-sites.yaml"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void theOnlyServerProbesFromTheServiceAddressSinceNobodyElseHasIt() {
        SystemConfig alone = Examples.system("""
            cluster: c
            service-address: 10.1.0.1
            sites: { s: { servers: { a: 127.0.0.1 } } }
            networks: { n: { subnets: { 10.0.0.0/24: { pools: [10.0.0.5] } } } }
            """);
        ServerConfig own = Examples.server(ConfigSource.of("server.yaml", "id: a\nprobe-source: 10.1.0.1"));
        ServerSetup setup = ((Accepted<ServerSetup>) ServerSetup.of(own, "server.yaml", alone)).value();
        assertThat(setup.sharedAddresses()).isEmpty();
        assertThat(setup.probeSource()).hasToString("10.1.0.1");
        ServerSetup among = ((Accepted<ServerSetup>) setup("id: dc1-a", "three-sites.yaml")).value();
        assertThat(among.sharedAddresses()).isEqualTo(among.serviceAddresses());
    }

    @Test
    void aServerThatAnswersForNoCellIsWarnedOf() {
        String system = "cluster: c\n"
                + "service-address: 192.0.2.67\n"
                + "sites: { s: { servers: { a: 10.1.0.2, b: 10.1.0.3 } } }\n"
                + "cells: { x: { servers: [a], networks: { n: { subnets: { 10.0.0.0/24: { pools: [10.0.0.5] } } }"
                + " } } }\n";
        ConfigReading<ServerSetup> reading = ServerSetup.of(server("id: b"), "server.yaml", Examples.system(system));
        assertThat(reading).isInstanceOf(Accepted.class);
        assertThat(reading.problems())
                .extracting(ConfigProblem::what)
                .containsExactly("server 'b' answers for no cell");
    }
}
