package org.anylease.store.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found around an address. */
final class RangeIndexTest {
    private final AddressRange low = AddressRange.parse("0.0.0.0-0.0.0.0");
    private final AddressRange middle = AddressRange.parse("10.0.0.4-10.0.0.7");
    private final AddressRange next = AddressRange.parse("10.0.0.8-10.0.0.8");
    private final AddressRange high = AddressRange.parse("255.255.255.0/24");
    private final RangeIndex<AddressRange> index = new RangeIndex<>(List.of(high, next, low, middle), range -> range);

    @Test
    void findsTheRangeFromItsFirstAddressToItsLast() {
        for (AddressRange range : List.of(low, middle, next, high)) {
            assertThat(index.get(range.first())).isEqualTo(range);
            assertThat(index.get(range.last())).isEqualTo(range);
        }
    }

    @Test
    void findsNothingBetweenRangesNorInAnEmptyIndex() {
        for (String address : List.of("0.0.0.1", "10.0.0.3", "10.0.0.9", "255.255.254.255")) {
            assertThat(index.get(Ipv4.parse(address))).as(address).isNull();
        }
        assertThat(new RangeIndex<AddressRange>(List.of(), range -> range).get(Ipv4.UNSPECIFIED))
                .isNull();
    }
}
