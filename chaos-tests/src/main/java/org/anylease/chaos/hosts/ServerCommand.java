package org.anylease.chaos.hosts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a server is started: the packaged jars, as {@code tools/bin/anylease} takes them, on this process' own JDK.
 *
 * @param tools the module {@code tools}, packaged
 * @param config the server's own file
 * @param log where its output is appended
 * @param environment more variables of its environment
 */
public record ServerCommand(Path tools, Path config, Path log, SortedMap<String, String> environment) {
    /** Copies the map. */
    public ServerCommand {
        environment = new TreeMap<>(environment);
    }

    /**
     * The program and its arguments.
     *
     * @return words
     */
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.net.preferIPv4Stack=true"));
        Path cache = tools.resolve("target/anylease.aot");
        if (Files.isRegularFile(cache)) {
            words.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
        words.addAll(List.of(
                "-cp", classPath(), "org.anylease.tools.cli.Anylease", "server", "run", "--config", config.toString()));
        return words;
    }

    /** A fixed order of jars: an ahead-of-time cache is good for the class path that it was made with only. */
    private String classPath() {
        return Stream.concat(jars(tools.resolve("target")), jars(tools.resolve("target/lib")))
                .filter(jar -> !jar.toString().endsWith("-tests.jar"))
                .map(Path::toString)
                .sorted()
                .collect(Collectors.joining(":"));
    }

    private static Stream<Path> jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " is not built: run mvn package", e);
        }
    }
}
