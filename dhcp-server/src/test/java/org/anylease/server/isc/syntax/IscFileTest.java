package org.anylease.server.isc.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anylease.store.address.Ipv4;
import org.anylease.store.address.Octets;
import org.junit.jupiter.api.Test;

final class IscFileTest {
    private static IscFile parse(String text) {
        return IscFile.parse("f", text, Includes.NONE);
    }

    private static Statement only(String text) {
        IscFile file = parse(text);
        assertThat(file.problems()).isEmpty();
        assertThat(file.statements()).hasSize(1);
        return file.statements().getFirst();
    }

    @Test
    void knowsWhereAStatementStandsAndHowItBegins() {
        IscFile file = parse("# a comment\n  default-lease-time  # another\n\t600;\n  max-lease-time 7200;");
        assertThat(file.statements().get(0).origin())
                .isEqualTo(new Statement.Origin(new Place("f", 2, 3), "default-lease-time 600"));
        assertThat(file.statements().get(1).origin())
                .isEqualTo(new Statement.Origin(new Place("f", 4, 3), "max-lease-time 7200"));
    }

    @Test
    void showsNoSecret() {
        for (String text :
                List.of("secret \"c2Vj\"", "secret\"c2Vj\"", "SECRET\tc2Vj", "secret#\n c2Vj", "secret=c2Vj")) {
            List<Statement> all = new ArrayList<>();
            Statement.walk(parse("key k { algorithm hmac-md5; " + text + "; }").statements(), all::add);
            assertThat(all)
                    .as(text)
                    .hasSize(3)
                    .noneMatch(statement -> statement.origin().source().contains("c2Vj"));
        }
        assertThat(only("host secret-lab { fixed-address 10.0.0.1; }").origin().source())
                .isEqualTo("host secret-lab");
    }

    @Test
    void readsNestedDeclarations() {
        Statement network = only("shared-network \"a b\" { subnet 10.0.0.0 netmask 255.255.255.0 { pool { range"
                + " dynamic-bootp 10.0.0.1 10.0.0.9; } } }");
        assertThat(network).isInstanceOfSatisfying(Statement.Declaration.class, declaration -> {
            assertThat(declaration.kind()).isEqualTo(Statement.Kind.SHARED_NETWORK);
            assertThat(declaration.name()).isEqualTo("a b");
        });
        List<Statement> all = new ArrayList<>();
        Statement.walk(List.of(network), all::add);
        assertThat(all).hasSize(4);
        assertThat(all.get(1)).isInstanceOfSatisfying(Statement.Subnet.class, subnet -> {
            assertThat(subnet.network()).isEqualTo(Ipv4.parse("10.0.0.0"));
            assertThat(subnet.length()).isEqualTo(24);
        });
        assertThat(all.get(3)).isInstanceOfSatisfying(Statement.Range.class, range -> {
            assertThat(range.bootp()).isTrue();
            assertThat(range.last()).isEqualTo(Ipv4.parse("10.0.0.9"));
        });
    }

    @Test
    void undoesEscapesInQuotes() {
        Statement statement = only("uid \"\\001\\\"\\x41\\t\\377\\b\\q\";");
        assertThat(statement)
                .isInstanceOfSatisfying(
                        Statement.Setting.class,
                        setting -> assertThat(setting.value())
                                .isInstanceOfSatisfying(
                                        Value.Data.class,
                                        data -> assertThat(
                                                        data.pieces().getFirst().text())
                                                .isEqualTo("\u0001\"A\t\u00ff\bq")));
    }

    @Test
    void readsExpressionsByTheirPrecedence() {
        Statement statement =
                only("match if not exists agent.circuit-id and substring(hardware, 1, 2 + 3 * 4) = 0:ab or"
                        + " option host-name ~~ \"^x\";");
        assertThat(statement).isInstanceOfSatisfying(Statement.Matching.class, matching -> {
            assertThat(matching.expression()).isInstanceOfSatisfying(Expression.Binary.class, or -> {
                assertThat(or.operator()).isEqualTo("or");
                assertThat(or.right())
                        .isInstanceOfSatisfying(
                                Expression.Binary.class,
                                like -> assertThat(like.operator()).isEqualTo("~~"));
                assertThat(or.left()).isInstanceOfSatisfying(Expression.Binary.class, and -> {
                    assertThat(and.operator()).isEqualTo("and");
                    assertThat(and.left()).isInstanceOf(Expression.Not.class);
                    assertThat(and.right())
                            .isInstanceOfSatisfying(
                                    Expression.Binary.class,
                                    equal -> assertThat(equal.right())
                                            .isInstanceOfSatisfying(
                                                    Expression.Constant.class,
                                                    constant -> assertThat(constant.octets())
                                                            .isEqualTo(Octets.of((byte) 0, (byte) 0xab))));
                });
            });
        });
    }

    @Test
    void goesOnBehindWhatItCannotUnderstand() {
        IscFile file = parse("""
            subnet 10.0.0.0 netmask 255.255.255.0 {
              range 10.0.0.300;
              frobnicate { a; b { c; } } option x code 1 = { boolean, what };
              option routers 10.0.0.1;
            }
            default-lease-time "600;
            """);
        assertThat(file.problems().stream().map(SyntaxProblem::toString))
                .containsExactly(
                        "f:2:9: '10.0.0.300' is no IPv4 address: expected the first address",
                        "f:3:3: there is no statement 'frobnicate'",
                        "f:3:59: 'what' is no type (expected boolean, integer, signed or unsigned integer, ip-address,"
                                + " ip6-address, text, string, domain-name, domain-list, zerolen, array of,"
                                + " encapsulate, or a record in braces)",
                        "f:6:20: a text in quotes is not closed");
        assertThat(file.statements().getFirst().within().getLast()).isInstanceOf(Statement.OptionSetting.class);
    }

    @Test
    void readsIncludedFilesWhereTheyStand() {
        IscFile file = IscFile.parse(
                "f",
                "include \"one\"; include \"none\";",
                name -> name.equals("one") ? Optional.of("max-lease-time 1;\nfrob;x y;") : Optional.empty());
        assertThat(file.statements().getFirst())
                .isInstanceOfSatisfying(
                        Statement.Include.class,
                        include -> assertThat(include.body().getFirst().origin().at())
                                .isEqualTo(new Place("one", 1, 1)));
        assertThat(file.problems().stream().map(SyntaxProblem::toString))
                .containsExactly(
                        "one:2:6: there is no statement 'x'", "f:1:16: the included file 'none' cannot be read");
    }

    @Test
    void endsWhenFilesIncludeEachOther() {
        IscFile file = IscFile.parse("f", "include \"f\";", _ -> Optional.of("include \"f\"; include \"f\";"));
        assertThat(file.problems()).isNotEmpty().hasSizeLessThan(2000);
    }

    @Test
    void boundsHowDeepThingsAreNested() {
        assertThat(parse("group {".repeat(20_000)).problems().getFirst().what()).contains("nested deeper than 50");
        assertThat(parse("eval " + "not (".repeat(20_000)).problems().getFirst().what())
                .contains("deeper than 100");
    }

    @Test
    void readsWhatALeaseFileSays() {
        Statement lease = only("""
            lease 10.0.0.5 {
              starts 4 2026/11/26 10:00:00;
              ends never;
              binding state active;
              next binding state free;
              hardware ethernet 02:00:00:00:00:05;
              uid "\\001\\002";
              set vendor-class-identifier = "MSFT 5.0";
              option agent.circuit-id 0:4;
              client-hostname "five";
              on expiry or release { set ClientHost = "five"; }
            }
            """);
        assertThat(lease.within()).hasSize(10).noneMatch(Statement.Broken.class::isInstance);
    }
}
