package org.anylease.server.isc.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.isc.IscResources;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Beside each {@code .conf} stands what becomes of it; {@code -Dbless=true} writes that anew. */
final class GoldenConversionTest {
    @TestFactory
    Stream<DynamicTest> isConvertedAsRecorded() {
        return IscResources.files("golden", ".*\\.conf").stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        Conversion conversion = Conversion.of(IscResources.parsed(file).statements(), Conversion.Wishes.NONE);
        String name = file.getFileName().toString();
        same(file.resolveSibling(name.replace(".conf", ".report")), String.join("\n", conversion.report(true)) + "\n");
        if (conversion.system().isEmpty()) {
            assertThat(name).isEqualTo("malformed.conf");
            return;
        }
        same(file.resolveSibling(name.replace(".conf", ".yaml")), conversion.system());
        ConfigReading<?> reading = ConfigFile.system(ConfigSource.of("anylease.yaml", conversion.system()));
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(ConfigReading.Accepted.class);
        for (String server : conversion.servers().values()) {
            assertThat(ConfigFile.server(ConfigSource.of("server.yaml", server)))
                    .isInstanceOf(ConfigReading.Accepted.class);
        }
    }

    private static void same(Path file, String actual) throws IOException {
        if (Boolean.getBoolean("bless")) {
            Files.writeString(file, actual);
        }
        assertThat(file).as("-Dbless=true writes it").exists();
        assertThat(actual).as("%s differs (-Dbless=true rewrites it)", file).isEqualTo(Files.readString(file));
    }
}
