package org.anylease.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.junit.jupiter.api.Test;

/** Reading and building options. */
class OptionsTest {
    private static final Ipv4 ONE = Ipv4.parse("192.0.2.1");
    private static final Ipv4 TWO = Ipv4.parse("203.0.113.200");

    @Test
    void readsBackWhatWasPut() {
        Options options = Options.builder()
                .u8(OptionCode.DEFAULT_IP_TTL, 255)
                .u16(OptionCode.MAXIMUM_MESSAGE_SIZE, 65535)
                .u32(OptionCode.ADDRESS_TIME, 0xffffffffL)
                .ipv4(OptionCode.SERVER_ID, TWO)
                .ipv4List(OptionCode.ROUTER, List.of(ONE, TWO))
                .string(OptionCode.DOMAIN_NAME, "exämple.org")
                .bytes(254, (byte) 1, (byte) 2)
                .build();
        assertThat(options.u8(OptionCode.DEFAULT_IP_TTL)).hasValue(255);
        assertThat(options.u16(OptionCode.MAXIMUM_MESSAGE_SIZE)).hasValue(65535);
        assertThat(options.u32(OptionCode.ADDRESS_TIME)).hasValue(0xffffffffL);
        assertThat(options.ipv4(OptionCode.SERVER_ID)).contains(TWO);
        assertThat(options.ipv4List(OptionCode.ROUTER)).containsExactly(ONE, TWO);
        assertThat(options.string(OptionCode.DOMAIN_NAME)).contains("exämple.org");
        assertThat(options.bytes(254)).contains(new byte[] {1, 2});
        assertThat(options.codes()).containsExactly(23, 57, 51, 54, 3, 15, 254);
        assertThat(options.malformedCodes()).isEmpty();
    }

    @Test
    void aWrongLengthReadsAsAbsentAndIsToldApart() {
        Options options = GoldenPackets.packet("wrong-lengths").options();
        assertThat(options.ipv4(OptionCode.ADDRESS_REQUEST)).isEmpty();
        assertThat(options.u16(OptionCode.MAXIMUM_MESSAGE_SIZE)).isEmpty();
        assertThat(options.ipv4List(OptionCode.ROUTER)).isEmpty();
        assertThat(options.string(OptionCode.HOSTNAME)).isEmpty();
        assertThat(options.has(OptionCode.ADDRESS_REQUEST)).isTrue();
        assertThat(options.malformed(OptionCode.ADDRESS_REQUEST)).isTrue();
        assertThat(options.malformed(OptionCode.ADDRESS_TIME)).as("absent").isFalse();
        assertThat(options.malformedCodes()).containsExactly(50, 57, 3, 12, 61);
    }

    @Test
    void eachTypeTakesOnlyItsOwnLength() {
        for (int length = 0; length <= 9; length++) {
            Options options = Options.builder().bytes(224, new byte[length]).build();
            assertThat(options.u8(224).isPresent()).isEqualTo(length == 1);
            assertThat(options.u16(224).isPresent()).isEqualTo(length == 2);
            assertThat(options.u32(224).isPresent()).isEqualTo(length == 4);
            assertThat(options.ipv4(224).isPresent()).isEqualTo(length == 4);
            assertThat(options.ipv4List(224)).hasSize(length % 4 == 0 ? length / 4 : 0);
            assertThat(options.bytes(224)).isPresent();
        }
    }

    @Test
    void textLosesTheNulsAtItsEndOnly() {
        assertThat(Options.builder()
                        .bytes(12, (byte) 'a', (byte) 0, (byte) 'b', (byte) 0, (byte) 0)
                        .build()
                        .string(12))
                .contains("a\0b");
        assertThat(Options.builder().bytes(12, (byte) 0).build().string(12)).isEmpty();
    }

    @Test
    void puttingAgainReplacesInPlace() {
        Options options = Options.builder().u8(1, 1).u8(2, 2).u8(1, 3).build();
        assertThat(options.codes()).containsExactly(1, 2);
        assertThat(options.u8(1)).hasValue(3);
        assertThat(options.toBuilder().remove(1).build().codes()).containsExactly(2);
    }

    @Test
    void orderCountsInEquality() {
        Options options = Options.builder().u8(1, 1).u8(2, 2).build();
        assertThat(options)
                .isEqualTo(options.toBuilder().build())
                .hasSameHashCodeAs(options.toBuilder().build())
                .isNotEqualTo(Options.builder().u8(2, 2).u8(1, 1).build())
                .isNotEqualTo(Options.builder().u8(1, 1).u8(2, 3).build())
                .isNotEqualTo(Options.builder().u8(1, 1).build());
    }

    @Test
    void valuesAreCopiedOnTheWayInAndOut() {
        byte[] value = {1};
        Options options = Options.builder().bytes(43, value).build();
        value[0] = 2;
        options.bytes(43).orElseThrow()[0] = 3;
        options.valueAt(0)[0] = 4;
        assertThat(options.u8(43)).hasValue(1);
    }

    @Test
    void refusesWhatCannotBeSent() {
        OptionsBuilder builder = Options.builder();
        for (int code : new int[] {-1, 0, 52, 255, 256}) {
            assertThatThrownBy(() -> builder.u8(code, 1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder.u8(1, 256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.u16(1, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.u32(1, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.string(12, "snow \u2603")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.bytes(43, new byte[65_536])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyConstantHasANameAndAShape() throws IllegalAccessException {
        int constants = 0;
        for (Field field : OptionCode.class.getFields()) {
            int code = field.getInt(null);
            assertThat(OptionCode.name(code)).as(field.getName()).doesNotStartWith("Unassigned");
            constants++;
        }
        assertThat(constants).isGreaterThan(150);
        assertThat(OptionCode.name(OptionCode.SUBNET_MASK)).isEqualTo("Subnet Mask");
        assertThat(OptionCode.name(102)).isEqualTo("Unassigned 102");
        assertThat(OptionCode.name(224)).isEqualTo("Private 224");
    }
}
