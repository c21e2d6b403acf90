package org.anylease.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anylease.server.config.ConfigReading.Accepted;

/** The example files of the documentation, and short files made of texts. */
final class Examples {
    /** The working tree, seen from the module that surefire runs in. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final boolean BLESS = Boolean.getBoolean("bless");

    private Examples() {}

    static ConfigSource example(String name) {
        try {
            Path file = ROOT.resolve("docs/examples").resolve(name);
            return new ConfigSource(name, ConfigSource.read(file).octets());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SystemConfig system(ConfigSource source) {
        ConfigReading<SystemConfig> reading = ConfigFile.system(source);
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(Accepted.class);
        return ((Accepted<SystemConfig>) reading).value();
    }

    static SystemConfig system(String text) {
        return system(ConfigSource.of("test.yaml", text));
    }

    static ServerConfig server(ConfigSource source) {
        ConfigReading<ServerConfig> reading = ConfigFile.server(source);
        assertThat(reading).as("%s", reading.problems()).isInstanceOf(Accepted.class);
        return ((Accepted<ServerConfig>) reading).value();
    }

    /** A valid file of one subnet, 10.0.0.0/24 in network office, around what a test is about. */
    static String around(String outermost, String subnet) {
        return """
            cluster: example
            service-address: 192.0.2.67
            sites: { dc1: { servers: { dc1-a: 10.1.0.2 } } }
            %s
            networks:
              office:
                subnets:
                  10.0.0.0/24:
                    pools: [10.0.0.10-10.0.0.20]
            %s
            """.formatted(outermost, subnet.indent(8));
    }

    /** Compares a text with a file of the working tree, or rewrites the file with {@code -Dbless=true}. */
    static void sameAsFile(String actual, Path file) {
        try {
            if (BLESS) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, actual);
            }
            assertThat(file)
                    .as("missing: run with -Dbless=true and look at the difference")
                    .exists();
            assertThat(actual).as("%s differs (-Dbless=true rewrites it)", file).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
