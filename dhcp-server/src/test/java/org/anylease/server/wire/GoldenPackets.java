package org.anylease.server.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packets in {@code src/test/resources/packets}: hex with comments, beside what they should read as. */
final class GoldenPackets {
    private static final Path FOLDER = Path.of("src/test/resources/packets");

    private GoldenPackets() {}

    /** All names, sorted. */
    static List<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".hex"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of the hex file. */
    static List<String> source(String name) {
        try {
            return Files.readAllLines(FOLDER.resolve(name + ".hex"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of the datagram. */
    static byte[] datagram(String name) {
        return HexFormat.of()
                .parseHex(source(name).stream()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining())
                        .replace(" ", ""));
    }

    /** The packet, for those that are one. */
    static Packet packet(String name) {
        byte[] datagram = datagram(name);
        return switch (PacketCodec.decode(datagram, 0, datagram.length)) {
            case Decoded.Ok ok -> ok.packet();
            case Decoded.Malformed bad -> throw new AssertionError(name + " is malformed: " + bad);
        };
    }

    /** Where the expected rendering is. */
    static Path rendering(String name) {
        return FOLDER.resolve(name + ".txt");
    }
}
