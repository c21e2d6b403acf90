package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anylease.chaos.lab.AnycastLab;
import org.anylease.chaos.lab.Background;
import org.anylease.chaos.lab.Command;
import org.anylease.chaos.lab.LabSites;
import org.anylease.chaos.lab.RealClient;
import org.anylease.chaos.lab.RealClient.Program;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Debian's DHCP clients and relay against three sites that share one address, in network namespaces. */
@TestInstance(Lifecycle.PER_CLASS)
class RealClientsIT {
    /** Short leases, since dhclient renews when its T1 comes and cannot be told to. */
    private static final String NETWORKS = """
            probe: { timeout: 200ms }
            timers: { offer-hold: 5s }
            networks:
              relayed:
                subnets:
                  10.50.0.0/24:
                    options: { routers: 10.50.0.1, domain-name-servers: [10.50.0.53] }
                    pools: [10.50.0.10-10.50.0.99]
                    min-lease: 10s
                    lease: 20s
                    max-lease: 20s
              direct:
                subnets:
                  10.60.0.0/24:
                    options: { routers: 10.60.0.1 }
                    pools: [10.60.0.10-10.60.0.99]
                    min-lease: 10s
                    lease: 20s
                    max-lease: 20s
              bulk:
                subnets:
                  10.64.0.0/12:
                    pools: [10.64.1.0-10.64.99.255]
            """;

    @TempDir
    private static Path directory;

    private final List<AutoCloseable> made = new ArrayList<>();
    private AnycastLab lab;
    private LabSites sites;

    @BeforeAll
    void startThreeSites() throws IOException, InterruptedException {
        assumeTrue(AnycastLab.isPossible("RealClientsIT"), "needs root and iproute2");
        for (String program : List.of("dhclient", "udhcpc", "dhcpcd", "dhcrelay", "perfdhcp", "curl")) {
            boolean there = Command.exists(program);
            if (!there) {
                System.out.println("SKIPPED RealClientsIT: " + program + " is not installed; .ci/run installs it");
            }
            assumeTrue(there, program + " is not installed");
        }
        lab = made(new AnycastLab());
        sites = made(new LabSites(lab, directory, NETWORKS));
        sites.startAll();
    }

    private <T extends AutoCloseable> T made(T part) {
        made.addFirst(part);
        return part;
    }

    @AfterAll
    void removeAll() throws Exception {
        for (AutoCloseable part : made) {
            part.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void relayedClientIsBoundAtOneSiteAndRenewedAtAnother(Program program) throws Exception {
        lab.attachOnly(1);
        lab.routeTo(1);
        try (WatchedProcess relay = Background.dhcrelay(lab, directory(program, "relayed"), AnycastLab.SERVICE_ADDRESS);
                RealClient client =
                        RealClient.start(program, lab.client(), "eth0", directory(program, "relayed-client"))) {
            assertThat(relay.isAlive()).isTrue();
            livesThroughItsLease(client, "eth0");
        }
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void directClientIsBoundAtOneSiteAndRenewedAtAnother(Program program) throws Exception {
        lab.attachOnly(1);
        lab.routeTo(1);
        try (RealClient client = RealClient.start(program, lab.client(), "lan0", directory(program, "direct-client"))) {
            livesThroughItsLease(client, "lan0");
        }
    }

    /** Bound through site 1, renewed through site 2, rebound through site 3, released. */
    private void livesThroughItsLease(RealClient client, String device) throws IOException, InterruptedException {
        String address = client.awaitBound();
        servedBy(1, address);

        lab.attachOnly(2);
        lab.routeTo(2);
        assertThat(client.renew()).isEqualTo(address);
        servedBy(2, address);

        // Renewals go nowhere now, so that the client rebinds: by broadcast, to whoever hears it.
        lab.attachOnly(3);
        if (device.equals("lan0")) {
            lab.blackholeUnicast();
        } else {
            lab.routeTo(3);
        }
        try {
            assertThat(client.awaitNextLease()).isEqualTo(address);
            servedBy(3, address);
        } finally {
            lab.routeTo(3);
        }

        client.release();
        sites.await(2, leaseOf(address), answer -> !state(answer).equals("active"));
        sites.awaitAgreement();
    }

    private void servedBy(int site, String address) throws IOException, InterruptedException {
        JsonNode lease = sites.await(
                3,
                leaseOf(address),
                answer -> state(answer).equals("active")
                        && answer.path("leases").path(0).path("server").asText().equals("site" + site + "-a"));
        assertThat(lease.path("leases").size()).isEqualTo(1);
    }

    private static String leaseOf(String address) {
        return "/v1/leases?address=" + address;
    }

    private static String state(JsonNode answer) {
        return answer.path("leases").path(0).path("state").asText();
    }

    private static Path directory(Program program, String what) throws IOException {
        return Files.createDirectories(directory.resolve(program.command() + "-" + what));
    }

    @Test
    void perfdhcpAtTwoHundredASecondLeavesNobodyUnserved() {
        lab.routeTo(2);
        lab.relay().ip("addr", "replace", "10.64.0.1/32", "dev", "lo");
        lab.core().ip("route", "replace", "10.64.0.1/32", "via", "10.0.9.1");
        Command.Result result = lab.relay()
                .run(
                        "perfdhcp", "-4", "-l", "10.64.0.1", "-r", "200", "-R", "4000", "-p", "10", "-d", "2", "-W",
                        "2000000", AnycastLab.SERVICE_ADDRESS);
        List<String> drops = lines(result, "drops:");
        List<String> received = lines(result, "received packets:");
        System.out.println("perfdhcp at 200/s: " + received + " " + drops);
        assertThat(drops).as(result.output()).isNotEmpty().allMatch(line -> line.endsWith(" 0"));
        assertThat(received).allMatch(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)) > 1_800);
    }

    private static List<String> lines(Command.Result result, String start) {
        return Stream.of(result.output().split("\n", -1))
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .toList();
    }

    @Test
    void relayOnTheAnycastAddressSpreadsOverServersOnUnicast() throws Exception {
        Path files = Files.createDirectories(directory.resolve("dhcplb"));
        try (WatchedProcess relay = Background.dhcrelay(lab, files, "10.0.1.2", "10.0.2.2", "10.0.3.2");
                RealClient client = RealClient.start(Program.UDHCPC, lab.client(), "eth0", files)) {
            assertThat(relay.isAlive()).isTrue();
            String address = client.awaitBound();
            JsonNode lease = sites.await(1, leaseOf(address), answer -> state(answer).equals("active"));
            assertThat(lease.path("leases").size()).isEqualTo(1);
            client.release();
        }
    }
}
