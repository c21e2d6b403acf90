package org.anylease.tools.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.anylease.server.wire.Decoded;
import org.anylease.server.wire.PacketCodec;
import org.anylease.server.wire.PacketText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code anylease decode}. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description = "Shows a DHCPv4 packet, given as hexadecimal digits, as text. Exit code 1 when it is malformed.")
final class DecodeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE|-",
            description = "A file with the digits, or - for standard input; # starts a comment.")
    private String file = "";

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    DecodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        byte[] datagram = digits(read());
        Decoded decoded = PacketCodec.decode(datagram, 0, datagram.length);
        boolean valid = decoded instanceof Decoded.Ok;
        if (json) {
            Anylease.print(
                    terminal,
                    AdminClient.MAPPER
                            .createObjectNode()
                            .put("valid", valid)
                            .put("bytes", datagram.length)
                            .put("text", PacketText.of(decoded)));
        } else {
            terminal.out().println(PacketText.of(decoded).stripTrailing());
        }
        return (valid ? ExitCode.OK : ExitCode.NO).number();
    }

    private String read() {
        try {
            return file.equals("-")
                    ? new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new CliFailure(
                    ExitCode.USAGE, file + " cannot be read: " + e.getMessage(), "name a file of hex digits");
        }
    }

    private byte[] digits(String text) {
        String hex = text.replaceAll("#[^\n]*", "").replaceAll("[\\s:]", "");
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    (file.equals("-") ? "standard input" : file) + " is not hexadecimal: " + e.getMessage(),
                    "give pairs of hex digits, such as: tcpdump -x prints, without the offsets");
        }
    }
}
