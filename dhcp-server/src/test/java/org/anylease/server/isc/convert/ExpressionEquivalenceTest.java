package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.anylease.server.expression.Evaluation;
import org.anylease.server.expression.OptionNames;
import org.anylease.server.expression.RequestView;
import org.anylease.server.isc.syntax.Expression;
import org.anylease.server.isc.syntax.IscFile;
import org.anylease.server.isc.syntax.Statement;
import org.anylease.server.wire.BootpOp;
import org.anylease.server.wire.HardwareAddress;
import org.anylease.server.wire.MessageType;
import org.anylease.server.wire.Options;
import org.anylease.server.wire.Packet;
import org.anylease.server.wire.RelayInformation;
import org.anylease.store.address.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A condition and what is made of it come to the same for every request. */
final class ExpressionEquivalenceTest {
    private static final List<String> LEAVES = List.of(
            "option host-name = \"z\"",
            "option host-name != \"z\"",
            "option host-name = option user-class",
            "option user-class ~~ \"^IP[xe]\"",
            "option host-name ~= \"^[^]a-f]+$\"",
            "not option user-class ~= \"ip/x\\\\.e\"",
            "exists user-class",
            "exists agent.circuit-id",
            "known",
            "substring(option vendor-class-identifier, 0, 9) = \"PXEClient\"",
            "substring(option vendor-class-identifier, 3, 4) != \"Clie\"",
            "substring(hardware, 1, 3) = 00:11:22",
            "suffix(option agent.remote-id, 2) = \"/7\"",
            "lcase(option host-name) = \"z\"",
            "ucase(option host-name) = \"Z\"",
            "concat(option agent.remote-id, \":\", option agent.circuit-id) = \"sw1/7:port\"",
            "concat(option user-class, option host-name) = \"zz\"",
            "pick-first-value(option dhcp-client-identifier, hardware) = 1:00:11:22:aa:bb:cc",
            "binary-to-ascii(16, 8, \":\", substring(hardware, 1, 6)) = \"0:11:22:aa:bb:cc\"",
            "option pxe-system-type = 00:07",
            "extract-int(option pxe-system-type, 16) = 7",
            "option dhcp-message-type = 1");

    private static Expression parsed(String condition) {
        IscFile file = IscFile.parse("x", "if " + condition + " { }", _ -> Optional.empty());
        assertThat(file.problems()).as(condition).isEmpty();
        Statement.Conditional branch = (Statement.Conditional) file.statements().getFirst();
        Expression when = branch.condition();
        assertThat(when).isNotNull();
        return java.util.Objects.requireNonNull(when);
    }

    private static RequestView request(Random random) {
        var options = Options.builder().messageType(MessageType.DISCOVER);
        any(random, "z", "Z", "]", "abc").ifPresent(text -> options.string(12, text));
        any(random, "iPXE", "z", "ip/x.e", "")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> options.string(77, text));
        any(random, "PXEClient", "PXE", "PXEClient:Arch:00007").ifPresent(text -> options.string(60, text));
        any(random, "desk").ifPresent(text -> options.string(61, text));
        if (random.nextBoolean()) {
            options.bytes(93, (byte) 0, (byte) (random.nextBoolean() ? 7 : 9));
        }
        byte[] relayed = {1, 4, 'p', 'o', 'r', 't', 2, 5, 's', 'w', '1', '/', '7'};
        Packet packet = Packet.builder()
                .op(BootpOp.REQUEST)
                .hardware(HardwareAddress.ethernet(random.nextBoolean() ? "00:11:22:aa:bb:cc" : "02:00:00:00:00:01"))
                .xid(1)
                .options(options.build())
                .build();
        return new RequestView(
                packet,
                random.nextBoolean() ? RelayInformation.of(relayed) : null,
                "discover",
                random.nextBoolean(),
                Prefix.parse("10.0.0.0/24"),
                "office");
    }

    private static Optional<String> any(Random random, String... texts) {
        int which = random.nextInt(texts.length + 1);
        return which == texts.length ? Optional.empty() : Optional.of(texts[which]);
    }

    private static String condition(Random random, int depth) {
        int what = depth == 0 ? 0 : random.nextInt(5);
        return switch (what) {
            case 0 -> LEAVES.get(random.nextInt(LEAVES.size()));
            case 1, 2 -> "(" + condition(random, depth - 1) + " and " + condition(random, depth - 1) + ")";
            case 3 -> "(" + condition(random, depth - 1) + " or " + condition(random, depth - 1) + ")";
            default -> "not (" + condition(random, depth - 1) + ")";
        };
    }

    private static int check(String condition, Random random) throws Exception {
        IscOptions options = new IscOptions();
        Expression theirs = parsed(condition);
        String text = new ExpressionText(options, "known").condition(theirs);
        var ours = org.anylease.server.expression.Expression.compile(text, OptionNames.NONE);
        int met = 0;
        for (int i = 0; i < 60; i++) {
            RequestView view = request(random);
            boolean expected = new DhcpEval(options, view).condition(theirs).orElse(false);
            assertThat(ours.test(new Evaluation(view)))
                    .as("%s, here %s, of %s", condition, text, view)
                    .isEqualTo(expected);
            met += expected ? 1 : 0;
        }
        return met;
    }

    @Test
    void everyLeafIsTrueOfSomeRequestsAndFalseOfOthers() throws Exception {
        Random random = new Random(1);
        List<Integer> met = new ArrayList<>();
        for (String leaf : LEAVES.subList(0, LEAVES.size() - 1)) {
            met.add(check(leaf, random));
        }
        assertThat(met).allMatch(count -> count > 0 && count < 60);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsMadeOfThemComesToTheSame(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            check(condition(random, 3), random);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leased-address = 0a:00:00:01",
                "check \"x\"",
                "option host-name ~= \"a\\\\db\"",
                "host-decl-name = \"x\"",
                "config-option routers = 0a:00:00:01",
                "ven = \"x\"",
                "option host-name = \"\"",
                "option host-name = 4711",
                "option no-such = \"x\""
            })
    void whatHasNoCounterpartIsSaid(String condition) {
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                        Unmappable.class,
                        () -> new ExpressionText(new IscOptions(), "known").condition(parsed(condition))))
                .as(condition)
                .isNotNull();
    }
}
