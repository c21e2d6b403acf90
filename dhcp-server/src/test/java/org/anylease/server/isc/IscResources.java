package org.anylease.server.isc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.anylease.server.isc.syntax.IscFile;

/** Files of ISC DHCP among the test resources. */
public final class IscResources {
    private static final Path FOLDER = Path.of("src/test/resources/isc");

    private IscResources() {}

    /** Files of a folder whose names match, in order. */
    public static List<Path> files(String folder, String pattern) {
        try (var files = Files.list(FOLDER.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file's octets, each as a character. */
    public static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file with those it includes from beside it. */
    public static IscFile parsed(Path file) {
        return IscFile.parse(
                file.getFileName().toString(),
                text(file),
                name -> Files.exists(file.resolveSibling(name))
                        ? Optional.of(text(file.resolveSibling(name)))
                        : Optional.empty());
    }
}
