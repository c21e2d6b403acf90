package org.anylease.server.isc.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.answer.IscAnswer.Said;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.OptionCode;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.OptionsBuilder;
import org.anylease.server.wire.Packet;
import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a dhcpd.conf says to a client, level by level, with the line that says it. */
final class IscAnswersTest {
    private static final String DOMAIN = "option 15";
    private static final String STRANGER = "02:00:00:00:00:09";

    /** Every level says another domain; each test takes those away that are further in. */
    private static final String LEVELS = """
        option domain-name "global";
        class "phones" { match if substring(option vendor-class-identifier, 0, 5) = "Phone"; option domain-name "class"; }
        class "users" { match option user-class; option domain-name "users"; }
        subclass "users" "vip" { option domain-name "subclass"; }
        group { option domain-name "group";
          host printer { hardware ethernet 02:00:00:00:00:01; }
          host named { hardware ethernet 02:00:00:00:00:02; fixed-address 10.0.1.5; option domain-name "host"; }
        }
        shared-network office { option domain-name "shared";
          subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.19; }
          subnet 10.0.1.0 netmask 255.255.255.0 { option domain-name "subnet";
            pool { deny members of "phones"; range 10.0.1.10 10.0.1.19; option domain-name "pool"; }
            pool { allow members of "phones"; range 10.0.1.20 10.0.1.29; }
          }
        }
        subnet 10.0.2.0 netmask 255.255.255.0 { range 10.0.2.10 10.0.2.19; }
        """;

    private static IscAnswers answers(String file) {
        IscFile parsed = IscFile.parse("dhcpd.conf", file, _ -> Optional.empty());
        assertThat(parsed.problems()).isEmpty();
        return new IscAnswers(parsed.statements());
    }

    private static Packet discover(String mac, String relay, String vendor, String user) {
        OptionsBuilder options = Options.builder().messageType(MessageType.DISCOVER);
        if (!vendor.isEmpty()) {
            options.string(OptionCode.CLASS_ID, vendor);
        }
        if (!user.isEmpty()) {
            options.string(77, user);
        }
        return Packet.builder()
                .xid(1)
                .hardware(HardwareAddress.ethernet(mac))
                .giaddr(Ipv4.parse(relay))
                .options(options.build())
                .build();
    }

    private static IscAnswer ask(String file, Packet packet, @Nullable String address) {
        return answers(file).answer(packet, address == null ? null : Ipv4.parse(address));
    }

    private static void says(IscAnswer answer, String field, String text, int line) {
        Said said = answer.fields().get(field);
        assertThat(said).as(field).isNotNull();
        if (said != null) {
            String value = field.startsWith("option ")
                    ? new String(HexFormat.of().parseHex(said.value()), StandardCharsets.ISO_8859_1)
                    : said.value();
            assertThat(value).isEqualTo(text);
            assertThat(said.by()).extracting(place -> place.line()).containsExactly(line);
        }
    }

    @Test
    void globalHoldsWhereNothingElseIsSaid() {
        says(ask(LEVELS, discover(STRANGER, "10.0.2.1", "", ""), null), DOMAIN, "global", 1);
    }

    @Test
    void sharedNetworkGoesBeforeGlobal() {
        says(ask(LEVELS, discover(STRANGER, "10.0.0.1", "", ""), "10.0.0.10"), DOMAIN, "shared", 9);
    }

    @Test
    void subnetOfTheAddressGoesBeforeItsSharedNetwork() {
        IscAnswer answer = ask(
                LEVELS.replace("option domain-name \"class\";", ""),
                discover(STRANGER, "10.0.0.1", "Phone 7", ""),
                "10.0.1.20");
        says(answer, DOMAIN, "subnet", 11);
        says(answer, IscAnswer.ADDRESS, "10.0.1.20", 13);
    }

    @Test
    void poolGoesBeforeItsSubnet() {
        says(ask(LEVELS, discover(STRANGER, "10.0.1.1", "", ""), "10.0.1.12"), DOMAIN, "pool", 12);
    }

    @Test
    void classGoesBeforePool() {
        says(ask(LEVELS, discover(STRANGER, "10.0.1.1", "Phone 7", ""), "10.0.1.20"), DOMAIN, "class", 2);
    }

    @Test
    void subclassGoesBeforeItsClass() {
        says(ask(LEVELS, discover(STRANGER, "10.0.1.1", "", "vip"), "10.0.1.12"), DOMAIN, "subclass", 4);
    }

    @Test
    void theFirstOfSeveralClassesGoesBeforeTheOthers() {
        says(ask(LEVELS, discover(STRANGER, "10.0.1.1", "Phone 7", "vip"), "10.0.1.20"), DOMAIN, "class", 2);
    }

    @Test
    void groupOfAHostGoesBeforeClasses() {
        says(ask(LEVELS, discover("02:00:00:00:00:01", "10.0.1.1", "Phone 7", ""), null), DOMAIN, "group", 5);
    }

    @Test
    void hostGoesBeforeAll() {
        IscAnswer answer = ask(LEVELS, discover("02:00:00:00:00:02", "10.0.0.1", "Phone 7", ""), "10.0.0.10");
        says(answer, DOMAIN, "host", 7);
        says(answer, IscAnswer.ADDRESS, "10.0.1.5", 7);
    }

    @Test
    void poolsAreForWhomTheyAllow() {
        IscAnswer phone = ask(LEVELS, discover(STRANGER, "10.0.1.1", "Phone 7", ""), "10.0.1.12");
        assertThat(phone.fields().get(IscAnswer.ADDRESS))
                .extracting(Said::value)
                .isEqualTo("10.0.0.10");
        IscAnswer nobody = ask(
                "subnet 10.0.0.0 netmask 255.255.255.0 { pool { allow known-clients; range 10.0.0.10 10.0.0.20; } }",
                discover(STRANGER, "10.0.0.1", "", ""),
                null);
        assertThat(nobody.fields()).containsOnlyKeys(IscAnswer.REPLY);
        assertThat(nobody.fields().get(IscAnswer.REPLY)).extracting(Said::value).isEqualTo("silence");
    }

    @Test
    void conditionsHoldWhereTheyAreTrue() {
        String file = """
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20;
              if exists user-class { filename "user"; }
              elsif option vendor-class-identifier ~~ "^phone" { filename "phone"; }
              else { filename "other"; }
              switch (option vendor-class-identifier) { case "PXE": option domain-name "pxe"; break; default: option domain-name "no"; }
            }
            """;
        says(ask(file, discover(STRANGER, "10.0.0.1", "", "x"), null), "file", "user", 2);
        says(ask(file, discover(STRANGER, "10.0.0.1", "PHONE", ""), null), "file", "phone", 3);
        says(ask(file, discover(STRANGER, "10.0.0.1", "PXE", ""), null), "file", "other", 4);
        says(ask(file, discover(STRANGER, "10.0.0.1", "PXE", ""), null), DOMAIN, "pxe", 5);
        says(ask(file, discover(STRANGER, "10.0.0.1", "", ""), null), DOMAIN, "no", 5);
    }

    @Test
    void valuesAreComputedOfWhatTheClientSends() {
        String file = """
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20;
              set who = concat("c-", binary-to-ascii(16, 8, "-", suffix(hardware, 2)));
              filename = who;
              option root-path = leased-address;
              option domain-name = who;
            }
            """;
        IscAnswer answer = ask(file, discover(STRANGER, "10.0.0.1", "", ""), "10.0.0.11");
        says(answer, "file", "c-0-9", 3);
        says(answer, "option 17", "\n\0\0\u000b", 4);
        assertThat(answer.undetermined())
                .as("dhcpd 4.4.3 does not see there what a packet sets")
                .contains(DOMAIN);
    }

    @Test
    void saysWhatItCannotEvaluate() {
        String file = """
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20;
              if client-state = 3 { option domain-name "selecting"; max-lease-time 60; }
              option root-path = gethostname();
            }
            """;
        IscAnswer answer = ask(file, discover(STRANGER, "10.0.0.1", "", ""), null);
        assertThat(answer.undetermined()).contains(DOMAIN, "option 51", "option 17");
        assertThat(answer.unevaluated())
                .extracting(IscAnswer.Unevaluated::toString)
                .hasSize(2)
                .allMatch(line -> line.startsWith("dhcpd.conf:"));
    }

    @Test
    void whatAClassThatCannotBeToldSaysIsNotDecided() {
        String file = """
            class "late" { match if client-state = 3; option domain-name "late"; filename "late"; max-lease-time 60; }
            class "users" { match gethostname(); }
            subclass "users" "vip" { option root-path "vip"; }
            subnet 10.0.0.0 netmask 255.255.255.0 { option routers 10.0.0.1;
              pool { deny members of "other"; range 10.0.0.10 10.0.0.20; }
            }
            """;
        IscAnswer answer = ask(file, discover(STRANGER, "10.0.0.1", "", ""), null);
        assertThat(answer.undetermined())
                .contains(DOMAIN, "file", "option 51", "option 17")
                .doesNotContain("option 3", IscAnswer.REPLY, IscAnswer.ADDRESS);
        IscAnswer barred = ask(file.replace("other", "late"), discover(STRANGER, "10.0.0.1", "", ""), null);
        assertThat(barred.undetermined()).contains(IscAnswer.REPLY, IscAnswer.ADDRESS);
    }

    @Test
    void whatDoesNotDependOnTheConfigurationIsNotCompared() {
        String file = """
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20;
              option dhcp-server-identifier 10.0.0.1; option domain-name "example"; }
            """;
        IscAnswer answer = ask(file, discover(STRANGER, "10.0.0.1", "", ""), null);
        assertThat(answer.fields()).containsKey("option 54");
        Packet offer = Packet.builder()
                .yiaddr(Ipv4.parse("10.0.0.10"))
                .options(Options.builder()
                        .messageType(MessageType.OFFER)
                        .ipv4(OptionCode.SERVER_ID, Ipv4.parse("192.0.2.67"))
                        .build())
                .build();
        assertThat(Comparison.of(answer, List.of(offer)).rows())
                .extracting(Comparison.Row::field)
                .contains(DOMAIN)
                .doesNotContain("option 53", "option 54");
    }

    @Test
    void whoIsRefusedHearsNothing() {
        String file = """
            subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20; deny unknown-clients; }
            host off { hardware ethernet 02:00:00:00:00:01; deny booting; }
            host slow { hardware ethernet 02:00:00:00:00:02; min-secs 5; }
            """;
        says(ask(file, discover(STRANGER, "10.0.0.1", "", ""), null), IscAnswer.REPLY, "silence", 1);
        says(ask(file, discover("02:00:00:00:00:01", "10.0.0.1", "", ""), null), IscAnswer.REPLY, "silence", 2);
        says(ask(file, discover("02:00:00:00:00:02", "10.0.0.1", "", ""), null), IscAnswer.REPLY, "silence", 3);
    }
}
