package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.isc.syntax.Includes;
import org.anylease.server.isc.syntax.IscFile;
import org.junit.jupiter.api.Test;

/** What is said of statements about names in DNS, where not all is as it was. */
final class DnsConversionTest {
    private static final String ZONE = "ddns-update-style standard;\nzone example.org. { primary 10.0.0.53; }\n";
    private static final String SUBNET = "subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.99; }\n";

    /** A conversion whose configuration is accepted. */
    private static Conversion converted(String text) {
        Conversion conversion =
                Conversion.of(IscFile.parse("f", text, Includes.NONE).statements(), Conversion.Wishes.NONE);
        ConfigReading<?> reading = ConfigFile.system(ConfigSource.of("anylease.yaml", conversion.system()));
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(ConfigReading.Accepted.class);
        return conversion;
    }

    /** What is said of the statement that begins so. */
    private static String said(Conversion conversion, String statement) {
        List<String> lines = conversion.report(true).stream()
                .filter(line -> line.contains(": " + statement))
                .toList();
        assertThat(lines).as(statement).hasSize(1);
        return lines.getFirst();
    }

    @Test
    void laterKeyOfTheSameNameCounts() {
        Conversion conversion = converted(ZONE.replace("10.0.0.53;", "10.0.0.53; key K;")
                + "key k { algorithm hmac-md5; secret Zmlyc3Q=; }\n"
                + "key K { algorithm hmac-sha256; secret c2Vjb25k; }\n"
                + SUBNET);
        assertThat(said(conversion, "key k:")).contains(" converted: ").endsWith("a later key of the same name counts");
        assertThat(said(conversion, "algorithm hmac-md5")).endsWith("a later key of the same name counts");
        assertThat(conversion.keys()).containsOnlyKeys("k.key");
        assertThat(Objects.requireNonNull(conversion.keys().get("k.key")).text())
                .contains("c2Vjb25k")
                .doesNotContain("Zmlyc3Q=");
    }

    @Test
    void laterKeyCountsWhereNoneIsUsed() {
        Conversion conversion = converted(
                "key k { algorithm hmac-md5; secret Zmlyc3Q=; } key k { algorithm hmac-md5; secret Zmlyc3Q=; }"
                        + SUBNET);
        assertThat(conversion.report(true))
                .filteredOn(line -> line.contains("a later key of the same name counts"))
                .hasSize(3);
    }

    @Test
    void pointersAreKeptOfMoreClientsThanBefore() {
        String domain = ZONE + "option domain-name \"example.org\";\n" + SUBNET;
        Conversion pointers = converted("do-forward-updates off;\n" + domain);
        assertThat(pointers.system()).contains("updates: reverse");
        assertThat(said(pointers, "do-forward-updates off"))
                .contains("converted with a difference", "for all names", "updates: none");
        Conversion none = converted("do-forward-updates off; do-reverse-updates off;\n" + domain);
        assertThat(said(none, "do-forward-updates off")).contains(" converted: ");
        assertThat(said(converted("do-forward-updates on;\n" + domain), "do-forward-updates on"))
                .contains(" converted: ");
    }

    @Test
    void timesThatAreNotPossibleAreToldOf() {
        String domain = ZONE + "option domain-name \"example.org\";\n" + SUBNET;
        Conversion week = converted("ddns-ttl 604800;\n" + domain);
        assertThat(week.system()).contains("ttl: 1d");
        assertThat(said(week, "ddns-ttl")).contains("converted with a difference", "it is 1d");
        assertThat(said(converted("ddns-ttl 0;\n" + domain), "ddns-ttl")).contains("it is 1s");
        assertThat(said(converted("ddns-ttl 86400;\n" + domain), "ddns-ttl")).contains(" converted: ");
    }

    @Test
    void domainBelowNoZoneIsToldOfWhereItIsSaid() {
        Conversion elsewhere = converted(ZONE + "option domain-name \"elsewhere.example\";\n" + SUBNET);
        assertThat(elsewhere.system()).contains("updates: none");
        assertThat(said(elsewhere, "option domain-name"))
                .contains(
                        "converted with a difference",
                        "no zone statement has names below 'elsewhere.example': none are sent",
                        "write the zone into 'dns.zones'");
        Conversion two = converted(ZONE + "option domain-name \"a.example.org b.example.org\";\n" + SUBNET);
        assertThat(said(two, "option domain-name")).contains("below 'a.example.org b.example.org': none are sent");
        Conversion computed = converted(ZONE + "option domain-name = option host-name;\n" + SUBNET);
        assertThat(said(computed, "option domain-name")).contains("not the same for all clients: no names are sent");
    }

    @Test
    void domainThatSteersNothingIsSimplyConverted() {
        String elsewhere = ZONE + "option domain-name \"elsewhere.example\";\n";
        Conversion off = converted(elsewhere + "ddns-updates off;\n" + SUBNET);
        assertThat(off.system()).contains("updates: none");
        assertThat(said(off, "option domain-name")).contains(" converted: ");
        assertThat(said(converted(elsewhere + "ddns-domainname \"example.org\";\n" + SUBNET), "option domain-name"))
                .contains(" converted: ");
        assertThat(said(converted(ZONE + SUBNET.replace("{ ", "{ option domain-name \"example.org\"; ")), "option"))
                .contains(" converted: ");
    }
}
