package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import org.anylease.store.config.LeaseTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @Test
    void numbersWithUnitsAddUp() {
        assertThat(DurationText.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(DurationText.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(DurationText.parse("2w1d")).isEqualTo(Duration.ofDays(15));
        assertThat(DurationText.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(DurationText.parse("infinite")).isEqualTo(LeaseTimes.INFINITE);
        assertThat(DurationText.parse("4294967295s")).isEqualTo(LeaseTimes.INFINITE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 m",
                "m5",
                "1m1h",
                "1h1h",
                "-1s",
                "1.5h",
                "5min",
                "4294967296s",
                "999999999999w",
                "99999999999999999999s",
                "٣s"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    }

    @Test
    void whatIsWrittenReadsBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            Duration duration =
                    Duration.ofMillis(random.nextLong(LeaseTimes.INFINITE.toMillis() >> random.nextInt(40)));
            assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
        }
    }
}
