package org.anylease.server.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.anylease.store.address.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What expressions come to, and what is said of texts that are none. */
final class ExpressionTest {
    private static final Packet PACKET = Packet.builder()
            .op(BootpOp.REQUEST)
            .hardware(HardwareAddress.ethernet("00:11:22:aa:bb:cc"))
            .xid(0x01020304)
            .secs(7)
            .broadcast(true)
            .giaddr(Ipv4.parse("10.9.0.1"))
            .bootFile("pxelinux.0")
            .options(Options.builder()
                    .messageType(MessageType.DISCOVER)
                    .string(60, "PXEClient:Arch:00007")
                    .bytes(93, (byte) 0, (byte) 7)
                    .bytes(43, (byte) 0, (byte) 6, (byte) 1, (byte) 8, (byte) 9, (byte) 2, (byte) 1, (byte) 2)
                    .bytes(61, (byte) 1, (byte) 0x11)
                    .string(12, "Printer")
                    .build())
            .build();

    private static final RelayInformation RELAY =
            RelayInformation.of(new byte[] {1, 2, 0, 1, 2, 3, 'p', '/', '7', (byte) 151, 1, 0});

    private static final OptionNames NAMES = new OptionNames() {
        @Override
        public OptionalInt code(String name) {
            return name.equals("vendor-class-identifier") ? OptionalInt.of(60) : OptionalInt.empty();
        }

        @Override
        public Collection<String> all() {
            return List.of("vendor-class-identifier");
        }
    };

    static RequestView view() {
        return new RequestView(PACKET, RELAY, "discover", false, Prefix.parse("10.9.0.0/24"), "office");
    }

    /** A lease of 10.9.0.77 for ten minutes, with option 15 configured, and 16 to be what another expression says. */
    static ReplyView reply(String sixteen) {
        return new ReplyView() {
            private boolean underWay;

            @Override
            public Ipv4 address() {
                return Ipv4.parse("10.9.0.77");
            }

            @Override
            public long seconds() {
                return 600;
            }

            @Override
            public byte @Nullable [] configured(int code, Evaluation evaluation) {
                if (code == 15) {
                    return "example".getBytes(StandardCharsets.US_ASCII);
                }
                if (code != 16 || underWay) {
                    return null;
                }
                underWay = true;
                try {
                    Expression inner = Expression.compileForReply(sixteen, NAMES);
                    return inner.isCondition()
                            ? null
                            : inner.octets(evaluation).map(Octets::toArray).orElse(null);
                } catch (ExpressionException e) {
                    throw new AssertionError(e);
                } finally {
                    underWay = false;
                }
            }
        };
    }

    private static Optional<String> ofReply(String text) {
        try {
            return Expression.compileForReply(text, NAMES)
                    .octets(new Evaluation(view(), reply("configured[15]")))
                    .map(octets -> new String(octets.toArray(), StandardCharsets.ISO_8859_1));
        } catch (ExpressionException e) {
            throw new AssertionError(text + " at " + e.offset() + ": " + e.getMessage(), e);
        }
    }

    @Test
    void aReplyHasALeaseAndWhatIsConfiguredForIt() {
        assertThat(ofReply("binary-to-ascii(10, 8, \"-\", lease.address)")).contains("10-9-0-77");
        assertThat(ofReply("binary-to-ascii(10, 32, \"\", encode-int(lease.time, 32))"))
                .contains("600");
        assertThat(ofReply("concat(lowercase(host-name), \".\", configured[15])"))
                .contains("printer.example");
        assertThat(ofReply("configured[16]")).contains("example");
        assertThat(ofReply("configured[17]")).isEmpty();
        assertThat(ofReply("if(lease.address starts-with 10.9.0.77, \"a\", \"b\")"))
                .contains("a");
        assertThat(ofReply("if(option[60] == \"x\", \"a\", host-name)")).contains("Printer");
        assertThat(ofReply("if(option[60] == \"x\", \"a\")")).isEmpty();
    }

    @Test
    void withoutALeaseThereIsNothingOfIt() throws Exception {
        for (String text : List.of("lease.address", "encode-int(lease.time, 32)", "configured[15]")) {
            assertThat(Expression.compileForReply(text, NAMES).octets(new Evaluation(view())))
                    .as(text)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lease.address == 10.0.0.1", "lease.time > 5", "exists(configured[15])"})
    void aClassCannotDependOnTheLease(String text) {
        ExpressionException refused =
                catchThrowableOfType(ExpressionException.class, () -> Expression.compile(text, NAMES));
        assertThat(refused).hasMessageContaining("is not known yet");
    }

    private static Expression compile(String text) {
        try {
            return Expression.compile(text, NAMES);
        } catch (ExpressionException e) {
            throw new AssertionError(text + " at " + e.offset() + ": " + e.getMessage(), e);
        }
    }

    private static boolean test(String text) {
        return compile(text).test(new Evaluation(view()));
    }

    private static Optional<Octets> octets(String text) {
        return compile(text).octets(new Evaluation(view()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "option[60] starts-with \"PXEClient\"",
                "option[vendor-class-identifier] starts-with \"PXE\"",
                "option[60] ends-with \"7\"",
                "option[60] contains \"Arch\"",
                "option[60] matches /^PXEClient:Arch:0000[0-9]$/",
                "option[60] matches /^pxeclient/i",
                "not (option[60] matches /^pxeclient/)",
                "relay.circuit-id == 0x0001",
                "relay.circuit-id == 0:1",
                "relay.remote-id == \"p/7\"",
                "relay.remote-id matches /p\\/\\d/",
                "relay[151] == 0x00",
                "relay.address == 10.9.0.1",
                "relay.address >= 10.9.0.0 and relay.address < 10.10.0.0",
                "hardware == 1:00:11:22:aa:bb:cc",
                "hardware.address starts-with 00:11:22",
                "hardware.type == 1",
                "substring(hardware, 1, 3) == 0:11:22",
                "substring(hardware, 1, 3) in [0:11:21, 0:11:22]",
                "not (substring(hardware, 1, 3) in [0:11:21])",
                "suffix(option[60], 5) == \"00007\"",
                "suffix(hardware, 100) == hardware",
                "extract-int(option[93], 16) == 7",
                "extract-int(option[93], 8) < 1",
                "encode-int(7, 16) == option[93]",
                "encode-int(packet.secs, 8) == 7:0 or encode-int(packet.secs, 32) == 0:0:0:7",
                "concat(\"a\", \"b\") == \"ab\"",
                "binary-to-ascii(16, 8, \":\", hardware) == \"1:0:11:22:aa:bb:cc\"",
                "binary-to-ascii(10, 8, \".\", relay.address) == \"10.9.0.1\"",
                "binary-to-ascii(2, 16, \"\", option[93]) == \"111\"",
                "pick-first-value(option[77], option[60]) == option[60]",
                "lowercase(host-name) == \"printer\"",
                "uppercase(option[12]) == \"PRINTER\"",
                "reverse(1, encode-int(1, 32)) == 1:0:0:0",
                "reverse(2, 1:2:3:4) == 3:4:1:2",
                "length(hardware) == 7",
                "suboption(option[43], 6) == 0x08 and suboption(option[43], 9) == 1:2",
                "exists(option[60]) and not exists(option[77])",
                "not known",
                "packet[24, 4] == 10.9.0.1",
                "packet[0, 4] == 1:1:6:0",
                "packet[108, 3] == \"pxe\"",
                "packet.xid == 16909060",
                "packet.broadcast and packet.flags == 32768",
                "packet.file == \"pxelinux.0\" and not exists(packet.sname)",
                "request == \"discover\"",
                "network == \"office\" and subnet == 10.9.0.0 and subnet.length == 24",
                "client-id == 01:11",
                "option[77] != \"anything\"",
                "not (option[77] == option[77])",
                "not (option[77] < 1:1) and not (option[77] >= 1:1)",
                "known == false",
                "false or true and true",
                "not false and not false",
                "\"\\\"\\\\\\x41\\n\" == 0x225c410a",
                "\"\u00e9\" == 0xc3a9",
                "substring(hardware, 2, 1) == substring(hardware, packet.secs, 1) or true",
                "not exists(substring(hardware, 99, 1))",
                "substring(hardware, 0, 0) == \"\""
            })
    void holdsOfThePacket(String text) {
        assertThat(test(text)).as(text).isTrue();
    }

    @Test
    void comesToOctets() {
        assertThat(octets("relay.circuit-id")).contains(Octets.of((byte) 0, (byte) 1));
        assertThat(octets("concat(relay.circuit-id, option[77])")).isEmpty();
        assertThat(octets("suffix(host-name, 3)")).contains(Octets.of("ter".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> test("host-name")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> octets("known")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void namesBecomeCodes() {
        Expression named =
                compile("option[vendor-class-identifier] == \"a\" or exists(option[vendor-class-identifier])");

        assertThat(named.text()).isEqualTo("option[60] == \"a\" or exists(option[60])");
        assertThat(named.isCondition()).isTrue();
        assertThat(compile("option[60]").isCondition()).isFalse();
    }

    private static ExpressionException problem(String text) {
        return catchThrowableOfType(ExpressionException.class, () -> Expression.compile(text, NAMES));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | 0 | the expression is empty | one like option[60] starts-with \"PXEClient\"",
                "option 60 | 7 | '60' stands where an option's code or name follows, as in option[60] | '['",
                "option[60] = \"a\" | 11 | '=' is no operator | '==' to compare",
                "option[0] == \"a\" | 7 | '0' is no option | 1 to 254",
                "hardware == 0x123 | 12 | '0x123' is no row of octets | two hexadecimal digits for each",
                "option[60] == \"abc | 14 | a text begins here and does not end | a \" at its end",
                "option[60] == \"\\q\" | 15 | '\\q' means nothing in a text | \\\" \\\\ \\n"
                        + " \\r"
                        + " \\t or \\x and two digits",
                "hardware and known | 9 | 'and' joins conditions, and here is octets | a comparison such as … == …",
                "known and hardware | 6 | 'and' joins conditions, and here is octets | a comparison such as … == …",
                "option[60] matches \"a\" | 19 | '\"a\"' is no regular expression | /…/, or /…/i for any case",
                "option[60] matches /(a/ | 19 | no regular expression: missing closing ) | one in RE2's syntax",
                "extract-int(hardware, 8) | 0 | the expression is a number | a condition, or octets, as encode-int(…,"
                        + " 32) makes of it",
                "extract-int(hardware, 9) | 22 | '9' is no width | 8, 16 or 32 bits",
                "packet[230, 10] == 1:1 | 7 | octets 230 to 239 reach into the options | octets 0 to 235; options as"
                        + " option[…]",
                "exists(known) | 7 | a condition always exists | a field such as option[60]",
                "known known | 6 | 'known' stands behind the end of the expression | 'and', 'or' or nothing",
                "(known | 6 | the end stands where a bracket closes | ')'",
                "hardware == 4294967296 | 12 | 4294967296 is too large | 0 to 4294967295"
            })
    void saysWhereItIsWrong(String text, int offset, String what, String valid) {
        ExpressionException problem = problem(text);

        assertThat(problem.getMessage()).isEqualTo(what);
        assertThat(problem.valid()).isEqualTo(valid);
        assertThat(problem.offset()).isEqualTo(offset);
    }

    @Test
    void knowsWhatAnUnknownWordCouldHaveBeen() {
        ExpressionException field = problem("relay.circuit == 1:1");
        assertThat(field.word()).isEqualTo("relay.circuit");
        assertThat(field.known()).contains("relay.circuit-id");
        ExpressionException option = problem("exists(option[vendor-class])");
        assertThat(option.getMessage()).isEqualTo("'vendor-class' is no option's name");
        assertThat(option.known()).containsExactly("vendor-class-identifier");
    }

    @Test
    void aCostlyExpressionIsGivenUp() {
        StringBuilder text = new StringBuilder("option[60] matches /(x?){200}y/");
        text.append(" or option[60] matches /(x?){200}y/".repeat(100));
        Evaluation evaluation = new Evaluation(view());

        assertThat(compile(text.toString()).test(evaluation)).isFalse();
        assertThat(evaluation.isExhausted()).isTrue();
        assertThat(compile("true").test(evaluation))
                .as("nothing counts from then on")
                .isFalse();
        assertThat(compile("hardware").octets(evaluation)).isEmpty();
    }

    @Test
    void aBombIsRefusedWhenItIsRead() {
        assertThat(problem("hardware matches /((a{100}){100}){100}/").getMessage())
                .isEqualTo("the regular expression is too large");
        assertThat(problem("(".repeat(1000) + "known" + ")".repeat(1000)).getMessage())
                .isEqualTo("nested too deeply");
        assertThat(problem("not ".repeat(1000) + "known").getMessage()).isEqualTo("nested too deeply");
        assertThat(problem("a or ".repeat(1000) + "known").getMessage()).isEqualTo("the expression is too long");
        assertThat(problem("hardware == \"" + "\\".repeat(4000) + "q")).isNotNull();
        assertThat(test("hardware == \"" + "\\\\".repeat(2000) + "\"")).isFalse();
    }
}
