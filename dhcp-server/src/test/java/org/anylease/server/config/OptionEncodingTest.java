package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.TreeSet;
import org.anylease.store.address.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionEncodingTest {
    private static Octets encode(int code, String option, String value) {
        SystemConfig system = Examples.system(Examples.around("options: { " + option + ": " + value + " }", ""));
        return Objects.requireNonNull(system.level().replies().options().get(code), option);
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        1   | subnet-mask             | 255.255.255.0                          | ffffff00           | 255.255.255.0
        2   | time-offset             | -3600                                  | fffff1f0           | -3600
        3   | routers                 | [10.0.0.1, 10.0.0.2]                   | 0a0000010a000002   | 10.0.0.1, 10.0.0.2
        3   | 3                       | 10.0.0.1                               | 0a000001           | 10.0.0.1
        12  | host-name               | printer                                | 7072696e746572     | "printer"
        19  | ip-forwarding           | true                                   | 01                 | true
        23  | default-ip-ttl          | 64                                     | 40                 | 64
        25  | path-mtu-plateau-table  | [68, 1500]                             | 004405dc           | 68, 1500
        26  | interface-mtu           | 0x578                                  | 0578               | 1400
        33  | static-routes           | ["10.9.0.0 10.0.0.1"]                  | 0a0900000a000001   | 10.9.0.0 10.0.0.1
        35  | arp-cache-timeout       | 2m                                     | 00000078           | 2m
        35  | arp-cache-timeout       | 90                                     | 0000005a           | 1m30s
        43  | 43                      | 01:04:00                               | 010400             | 0x010400
        43  | 43                      | { type: suboptions, value: { 1: 0x0a, 2: { type: text, value: x } } } | 01010a020178 | 0x01010a020178
        116 | auto-config             | 1                                      | 01                 | 1
        119 | domain-search           | [eng.a.example, a.example]             | 03656e67016107657861 6d706c6500 c004 | eng.a.example, a.example
        119 | domain-search           | { type: domain-list, value: [a.b, b] } | 016101620001 6200  | a.b, b
        120 | sip-servers             | [10.0.0.1]                             | 010a000001         | 10.0.0.1
        120 | sip-servers             | [a.b]                                  | 000161016200       | a.b
        121 | classless-static-routes | [0.0.0.0/0 via 10.0.0.1, 10.229.0.128/25 via 10.0.0.2] | 000a000001 190ae500800a000002 | 0.0.0.0/0 via 10.0.0.1, 10.229.0.128/25 via 10.0.0.2
        121 | classless-static-routes | { 10.17.0.0/16: 10.0.0.1 }             | 100a110a000001     | 10.17.0.0/16 via 10.0.0.1
        137 | v4-lost                 | lost.example.                          | 046c6f7374076578616d706c6500 | lost.example
        224 | 224                     | { type: u32, value: 300 }              | 0000012c           | 0x0000012c
        224 | 224                     | 0x0102                                 | 0102               | 0x0102
        224 | 224                     | { type: u8-list, value: [1, 2] }       | 0102               | 0x0102
        """)
    void valuesAreEncodedAsTheirRfcSaysAndReadBack(int code, String option, String value, String hex, String text) {
        Octets octets = encode(code, option, value);
        assertThat(octets).isEqualTo(Octets.parseHex(hex.replace(" ", "")));
        assertThat(OptionText.of(code, octets)).isEqualTo(text);
    }

    @Test
    void theRegistryHasNoCodeAndNoNameTwiceAndNoneOfTheServers() {
        TreeSet<String> names = new TreeSet<>();
        for (OptionDefinition option : KnownOptions.all()) {
            assertThat(names.add(option.name())).as(option.name()).isTrue();
            assertThat(KnownOptions.ownedBecause(option.code()))
                    .as(option.name())
                    .isEmpty();
        }
        assertThat(names).hasSizeGreaterThan(100);
    }

    @Test
    void everyOptionThatSpeaksForTheServerIsRefused() {
        for (int code : new int[] {0, 50, 51, 52, 53, 54, 56, 57, 61, 80, 81, 82, 90, 118, 255}) {
            assertThat(KnownOptions.ownedBecause(code)).as("option %s", code).isPresent();
        }
    }

    @Test
    void garbledValuesAreShownAsOctets() {
        assertThat(OptionText.of(3, Octets.parseHex("0a0000"))).isEqualTo("0x0a0000");
        assertThat(OptionText.of(119, Octets.parseHex("c000"))).isEqualTo("0xc000");
        assertThat(OptionText.of(121, Octets.parseHex("ff"))).isEqualTo("0xff");
        assertThat(OptionText.of(15, Octets.parseHex("1b5b"))).isEqualTo("0x1b5b");
    }
}
