package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.anylease.server.ddns.DnsSender;
import org.anylease.server.ddns.NameUpdates.Result;
import org.anylease.server.dns.Dhcid;
import org.anylease.server.dns.DnsPolicy;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.dns.DnsRecord;
import org.anylease.store.dns.DnsRecord.Phase;
import org.anylease.store.dns.DnsRecord.Style;
import org.anylease.store.lease.ClientId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The updates of each style, as BIND 9 takes and refuses them (RFC 4703 §5). */
class NameUpdatesIT {
    private static final Ipv4 FIRST = Ipv4.parse("10.78.0.1");
    private static final Ipv4 SECOND = Ipv4.parse("10.78.0.2");

    @TempDir
    private Path directory;

    private final DnsSender sender = new DnsSender();
    private @Nullable NameServer running;

    @BeforeEach
    void start() throws Exception {
        NameServer starting = new NameServer(directory.resolve("named"), InetAddress.getLoopbackAddress());
        running = starting;
        starting.start();
    }

    @AfterEach
    void stop() throws Exception {
        sender.close();
        NameServer ending = running;
        if (ending != null) {
            ending.kill();
        }
    }

    private NameServer names() {
        return Objects.requireNonNull(running);
    }

    private DnsPolicy policy(String forwardZone, Path key) {
        List<Ipv4> servers = List.of(Ipv4.parse("127.0.0.1"));
        DnsPolicy.Names usual =
                new DnsPolicy.Names("example.net", DnsPolicy.Updates.BOTH, true, Duration.ofMinutes(1), null);
        return new DnsPolicy(
                Style.STANDARD,
                List.of(
                        new DnsPolicy.Zone(forwardZone, servers, names().port(), key.toString()),
                        new DnsPolicy.Zone("78.10.in-addr.arpa", servers, names().port(), key.toString())),
                false,
                usual,
                List.of());
    }

    private Result send(Ipv4 address, DnsRecord record) throws Exception {
        return send(address, record, policy("example.net", names().keyFile()));
    }

    private Result send(Ipv4 address, DnsRecord record, DnsPolicy policy) throws Exception {
        CompletableFuture<Result> result = new CompletableFuture<>();
        sender.send(address, record, policy, result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private static DnsRecord record(String host, int client, Style style) {
        ClientId id = new ClientId(ClientId.Kind.HARDWARE, Octets.of((byte) 1, (byte) 2, (byte) client));
        String name = host + ".example.net";
        Octets owner = style == Style.INTERIM ? Dhcid.interim(id) : Dhcid.standard(id, name);
        return new DnsRecord(Phase.ADDING, name, owner, style, true);
    }

    /** A, what says whose it is, and PTR of an address; each empty when there is none. */
    private List<String> stands(String host, String type, Ipv4 address) throws IOException {
        return List.of(
                names().ask(host + ".example.net", "A"),
                names().ask(host + ".example.net", type).isEmpty() ? "" : type,
                names().ask(DnsPolicy.reverseName(address), "PTR"));
    }

    @Test
    void nameIsTheFirstClientsInBothStyles() throws Exception {
        for (Style style : List.of(Style.STANDARD, Style.INTERIM)) {
            String type = style == Style.STANDARD ? "DHCID" : "TXT";
            DnsRecord mine = record("pc", 1, style);
            DnsRecord other = record("pc", 2, style);
            List<String> mineStands = List.of("10.78.0.1", type, "pc.example.net.");
            assertThat(send(FIRST, mine)).isEqualTo(new Result.Done());
            assertThat(stands("pc", type, FIRST)).isEqualTo(mineStands);
            assertThat(send(FIRST, mine)).as("again").isEqualTo(new Result.Done());
            assertThat(send(SECOND, other)).as("another client").isEqualTo(new Result.Conflict());
            assertThat(send(SECOND, other.in(Phase.REMOVING))).isEqualTo(new Result.Done());
            assertThat(stands("pc", type, FIRST)).isEqualTo(mineStands);
            assertThat(send(SECOND, mine)).as("its next address").isEqualTo(new Result.Done());
            assertThat(send(FIRST, mine.in(Phase.REMOVING)))
                    .as("its last address")
                    .isEqualTo(new Result.Done());
            assertThat(stands("pc", type, SECOND)).isEqualTo(List.of("10.78.0.2", type, "pc.example.net."));
            assertThat(names().ask(DnsPolicy.reverseName(FIRST), "PTR")).isEmpty();
            assertThat(send(SECOND, mine.in(Phase.REMOVING))).isEqualTo(new Result.Done());
            assertThat(send(SECOND, mine.in(Phase.REMOVING))).as("again").isEqualTo(new Result.Done());
            assertThat(stands("pc", type, SECOND)).isEqualTo(List.of("", "", ""));
        }
    }

    @Test
    void nameIsTakenWhereNobodyGuardsIt() throws Exception {
        DnsRecord before = record("shared", 1, Style.STANDARD);
        DnsRecord taking = record("shared", 2, Style.UNGUARDED);
        assertThat(send(FIRST, before)).isEqualTo(new Result.Done());
        assertThat(send(SECOND, taking)).isEqualTo(new Result.Done());
        assertThat(stands("shared", "DHCID", SECOND)).isEqualTo(List.of("10.78.0.2", "DHCID", "shared.example.net."));
        assertThat(send(FIRST, before.in(Phase.REMOVING))).isEqualTo(new Result.Done());
        assertThat(stands("shared", "DHCID", SECOND)).isEqualTo(List.of("10.78.0.2", "DHCID", "shared.example.net."));
        assertThat(send(SECOND, taking.in(Phase.REMOVING))).isEqualTo(new Result.Done());
        assertThat(stands("shared", "DHCID", SECOND)).isEqualTo(List.of("", "", ""));
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        DnsRecord record = record("never", 1, Style.STANDARD);
        Path wrongKey = directory.resolve("wrong.key");
        Files.writeString(
                wrongKey,
                "key \"anylease\" { algorithm hmac-sha256; secret \"bm90IHRoZSBrZXkgdGhhdCBpdCBrbm93cyBhYm91dCE=\"; };",
                StandardCharsets.US_ASCII);
        assertThat(why(send(FIRST, record, policy("example.net", wrongKey))))
                .contains("did not take the signature", "example.net", "compare the key file");
        assertThat(why(send(FIRST, record, policy("net", names().keyFile()))))
                .contains("refused an update of zone net", "NOTAUTH");
        assertThat(why(send(FIRST, record, policy("example.net", directory.resolve("no.key")))))
                .contains("no.key cannot be read on this server");
        assertThat(why(send(FIRST, record, policy("example.net", directory.resolve("named/named.conf")))))
                .as("it includes the key but has none itself")
                .contains("named.conf is of no use", "tsig-keygen");
        assertThat(names().ask("never.example.net", "A")).isEmpty();
    }

    private static String why(Result result) {
        assertThat(result).isInstanceOf(Result.Failed.class);
        return result instanceof Result.Failed(String _, String why) ? why : "";
    }
}
