package org.anylease.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anylease.chaos.lab.Command;
import org.anylease.tools.local.ServerProcess;
import org.anylease.tools.local.WatchedProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands that README.md shows, in their order; {@link DemoIT} runs the demo. */
class ReadmeIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What the block of the two main commands shows, beside which every command of the README is run here. */
    private static final List<String> RUN_ELSEWHERE = List.of("tools/bin/demo", "mvn verify");

    @TempDir
    private Path directory;

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
            if (line.startsWith("```")) {
                inBlock = !inBlock;
            } else if (inBlock && RUN_ELSEWHERE.stream().noneMatch(line::startsWith)) {
                commands.add(line);
            }
        }
        return commands;
    }

    /** A directory like the tree as far as the commands name it, on a loopback address where no other server runs. */
    private String prepared() throws IOException {
        String address = freeAddress();
        Path examples = Files.createDirectories(directory.resolve("docs/examples"));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/examples"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file).replace("127.0.0.1", address);
                Files.writeString(
                        examples.resolve(file.getFileName()),
                        text.replace("127.0.0.67", address.replaceFirst("\\.1$", ".67")));
            }
        }
        Files.createSymbolicLink(directory.resolve("tools"), ROOT.resolve("tools"));
        return address;
    }

    private static String freeAddress() throws IOException {
        for (int block = 1; block < 250; block++) {
            String address = "127.90." + block + ".1";
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.getByName(address), 6780));
                return address;
            } catch (BindException e) {
                System.out.println(address + " is taken: " + e.getMessage());
            }
        }
        throw new IOException("no loopback address is free");
    }

    private static List<String> shell(Path directory, String address, String command) {
        return List.of(
                "sh", "-c", "cd '" + directory + "' && ANYLEASE_SERVER=http://" + address + ":6780 exec " + command);
    }

    @Test
    void everyCommandOfTheReadmeDoesWhatItSays() throws Exception {
        String address = prepared();
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(4).allMatch(line -> line.startsWith("tools/bin/anylease "));
        List<WatchedProcess> running = new ArrayList<>();
        try {
            for (String command : commands) {
                List<String> words = shell(directory, address, command);
                if (command.contains(" server run ")) {
                    WatchedProcess server =
                            WatchedProcess.start("the README's server", directory.resolve("server.log"), words);
                    running.add(server);
                    server.awaitLine(0, line -> line.contains(ServerProcess.READY), PATIENCE);
                } else {
                    Command.Result result = Command.run(PATIENCE, words);
                    assertThat(result.exit())
                            .as(command + ": " + result.output())
                            .isZero();
                    assertThat(result.output()).as(command).isNotBlank();
                }
            }
            assertThat(running).as("a server was started").hasSize(1);
        } finally {
            running.forEach(WatchedProcess::close);
        }
    }
}
