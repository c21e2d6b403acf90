package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.anylease.store.address.Octets;
import org.anylease.store.config.CellConfig;
import org.anylease.store.config.ClassTimes;
import org.anylease.store.config.ClientClass;
import org.anylease.store.config.ComputedSettings;
import org.anylease.store.config.ComputedValue;
import org.anylease.store.config.PoolAccess;
import org.anylease.store.config.ReplySettings;
import org.anylease.store.config.ServingRules;
import org.junit.jupiter.api.Test;

/** What the system file says of client classes, as the cells get it. */
class ClassConfigTest {
    private static CellConfig cell(String outermost, String subnet) {
        return Examples.system(Examples.around(outermost, subnet)).slices(1).getFirst();
    }

    private static ReplySettings domain(String name, String file) {
        TreeMap<Integer, Octets> options = new TreeMap<>();
        options.put(15, Octets.of(name.getBytes(StandardCharsets.US_ASCII)));
        return new ReplySettings(options, null, null, file);
    }

    private static ReplySettings served(ReplySettings settings) {
        return new ReplySettings(
                settings.options(),
                settings.nextServer(),
                settings.serverName(),
                settings.bootFile(),
                new ServingRules(true, true, null, null, null, null),
                settings.computed());
    }

    private static ReplySettings computed() {
        TreeMap<Integer, ComputedValue> options = new TreeMap<>();
        options.put(227, new ComputedValue("host-name", 1, 1024));
        return new ReplySettings(
                new TreeMap<>(), null, null, null, ServingRules.NONE, new ComputedSettings(options, null, null, null));
    }

    @Test
    void theFileWithManyFeaturesHasClassesOfEveryKind() {
        CellConfig cell = Examples.system(Examples.example("many-features.yaml"))
                .slices(1)
                .getLast();

        assertThat(cell.classes())
                .containsExactly(
                        new ClientClass(
                                "phones",
                                "option[60] starts-with \"Example Phone\" and not exists(relay.circuit-id)",
                                null,
                                false,
                                0,
                                List.of(),
                                served(domain("phones.example.net", "phone.cfg")),
                                new ClassTimes(Duration.ofMinutes(10), Duration.ofMinutes(30), Duration.ofHours(8))),
                        new ClientClass(
                                "kiosks",
                                null,
                                "substring(hardware, 0, 4)",
                                false,
                                0,
                                List.of(
                                        new ClientClass.Member(
                                                Octets.parseHex("01001122"), 0, domain("kiosk.example.net", "kiosk.0")),
                                        new ClientClass.Member(Octets.parseHex("01001133"), 0, ReplySettings.NONE)),
                                ReplySettings.NONE,
                                ClassTimes.NONE),
                        new ClientClass(
                                "meeting-rooms",
                                "exists(relay.circuit-id)",
                                "host-name",
                                false,
                                0,
                                List.of(new ClientClass.Member(
                                        Octets.of("room-1".getBytes(StandardCharsets.US_ASCII)), 0, computed())),
                                ReplySettings.NONE,
                                ClassTimes.NONE),
                        new ClientClass(
                                "per-port",
                                null,
                                "relay.circuit-id",
                                true,
                                4,
                                List.of(new ClientClass.Member(
                                        Octets.of("uplink-7".getBytes(StandardCharsets.US_ASCII)),
                                        100,
                                        ReplySettings.NONE)),
                                ReplySettings.NONE,
                                ClassTimes.NONE));
    }

    @Test
    void optionsAreCalledByCodeInWhatTheCellsGet() {
        CellConfig cell = cell("""
            option-definitions: { shelf: { code: 225, type: u16 } }
            classes:
              a: { match: "exists(option[shelf]) or option[client-architecture] == 0x0007" }
            """, "");

        assertThat(cell.classes().getFirst().match()).isEqualTo("exists(option[225]) or option[93] == 0x0007");
    }

    @Test
    void membersAreListedByValueAlone() {
        CellConfig cell = cell("classes: { a: { match: client-id, members: [1:2, 0x03, text, 10.0.0.1] } }", "");

        assertThat(cell.classes().getFirst().members())
                .extracting(ClientClass.Member::value)
                .containsExactly(
                        Octets.parseHex("0102"),
                        Octets.parseHex("03"),
                        Octets.of("text".getBytes(StandardCharsets.US_ASCII)),
                        Octets.parseHex("0a000001"));
    }

    @Test
    void poolsSayWhomTheyAreFor() {
        String pools =
                "pools: [{ range: 10.0.0.10-10.0.0.20, allow: [a, known] }, { range: 10.0.0.30-10.0.0.40, deny: a },"
                        + " 10.0.0.50-10.0.0.60]";
        CellConfig cell = Examples.system(Examples.around("classes: { a: { match: known } }", "")
                        .replace("pools: [10.0.0.10-10.0.0.20]", pools))
                .slices(1)
                .getFirst();

        assertThat(cell.networks().getFirst().subnets().getFirst().pools())
                .extracting(pool -> pool.access())
                .containsExactly(
                        new PoolAccess(List.of("a", "known"), List.of()),
                        new PoolAccess(List.of(), List.of("a")),
                        PoolAccess.OPEN);
    }

    @Test
    void theLongestLeaseOfAClassIsBoundedLikeAnyOther() {
        CellConfig cell = cell("classes: { a: { match: known, max-lease: 20d } }", "");

        assertThat(cell.timers().longestLease()).isEqualTo(Duration.ofDays(20));
    }

    @Test
    void aDifferenceOfClassesAndPoolsIsTold() {
        SystemConfig before = Examples.system(Examples.around("classes: { a: { match: known, lease: 2h } }", ""));
        SystemConfig after = Examples.system(Examples.around(
                        "classes: { a: { match: not known, lease-limit: 3 }, b: { spawn-by: hardware, members: [1:2] }"
                                + " }",
                        "")
                .replace("pools: [10.0.0.10-10.0.0.20]", "pools: [{ range: 10.0.0.10-10.0.0.20, deny: b }]"));

        assertThat(ConfigDiff.between(before, after).lines())
                .containsExactly(
                        "~ default class a: match known -> match not known, lease-limit 3",
                        "+ default class b: spawn-by hardware",
                        "- default/a lease times lease: 2h",
                        "+ default/b class member 01:02",
                        "+ default/office/10.0.0.0/24/10.0.0.10-10.0.0.20 access deny: b");
    }
}
