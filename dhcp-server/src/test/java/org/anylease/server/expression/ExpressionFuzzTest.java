package org.anylease.server.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a text is, it is compiled or refused with a place; and whatever was compiled ends. */
final class ExpressionFuzzTest {
    private static final List<String> WORDS = List.of(
            "option[60]",
            "option[",
            "]",
            "[",
            "(",
            ")",
            ",",
            "hardware",
            "relay.circuit-id",
            "known",
            "not",
            "and",
            "or",
            "==",
            "!=",
            "<",
            ">=",
            "starts-with",
            "contains",
            "matches",
            "in",
            "/a+b*/",
            "/(x|y){3}/i",
            "/(/",
            "\"abc\"",
            "\"",
            "0x01",
            "0x0",
            "1:00:11",
            "10.0.0.1",
            "999.0.0.1",
            "8",
            "16",
            "4294967296",
            "concat(",
            "substring(",
            "suffix(",
            "exists(",
            "reverse(",
            "extract-int(",
            "encode-int(",
            "binary-to-ascii(16, 8, \":\",",
            "pick-first-value(",
            "packet[0, 4]",
            "packet.secs",
            "lease.address",
            "lease.time",
            "configured[15]",
            "if(",
            "true",
            "\\",
            "é",
            "\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyRowOfWordsIsAnExpressionOrIsRefused(long seed) {
        Random random = new Random(seed);
        int compiled = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(12); left > 0; left--) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
            }
            compiled += compiles(text.toString()) ? 1 : 0;
        }
        assertThat(compiled).as("some are meant to be evaluated").isGreaterThan(10);
    }

    @Test
    void anyTextIsAnExpressionOrIsRefused() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(40); left > 0; left--) {
                text.append((char) (random.nextInt(4) == 0 ? random.nextInt(0x10000) : ' ' + random.nextInt(95)));
            }
            boolean _ = compiles(text.toString());
        }
    }

    private static boolean compiles(String text) {
        boolean plain = compiles(text, Expression::compile, () -> new Evaluation(ExpressionTest.view()));
        boolean ofReply = compiles(
                text,
                Expression::compileForReply,
                () -> new Evaluation(ExpressionTest.view(), ExpressionTest.reply(text)));
        assertThat(ofReply)
                .as("what is an expression of a packet is one of a reply: %s", text)
                .isIn(true, plain);
        return plain;
    }

    /** Compiles in one way or the other. */
    private interface Compiler {
        Expression compile(String text, OptionNames names) throws ExpressionException;
    }

    private static boolean compiles(String text, Compiler compiler, Supplier<Evaluation> evaluations) {
        Expression expression;
        try {
            expression = compiler.compile(text, OptionNames.NONE);
        } catch (ExpressionException e) {
            assertThat(e.offset()).isBetween(0, text.length());
            assertThat(e.getMessage()).isNotEmpty();
            return false;
        }
        assertThat(expression.text()).isEqualTo(text);
        Evaluation evaluation = evaluations.get();
        if (expression.isCondition()) {
            boolean first = expression.test(evaluation);
            assertThat(expression.test(evaluations.get())).isEqualTo(first);
        } else {
            var first = expression.octets(evaluation);
            assertThat(expression.octets(evaluations.get())).isEqualTo(first);
        }
        return true;
    }
}
