import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Formats every Java file of the tree, or says which ones are not formatted.
 *
 * <p>The formatter parses with the javac of the JVM that runs it. Maven may run on an older JDK than the sources are
 * written for, so the build starts this file (as source, nothing is compiled ahead) with the toolchain's JDK instead of
 * using a plugin that would format inside Maven's JVM.
 *
 * <p>Usage: {@code Format check|apply DIRECTORY...}
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(Style.PALANTIR)
            .formatJavadoc(false)
            .build());

    private final boolean apply;
    private final ConcurrentSkipListSet<Path> changed = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<String> broken = new ConcurrentSkipListSet<>();

    private Format(boolean apply) {
        this.apply = apply;
    }

    public static void main(String[] arguments) {
        if (arguments.length < 2 || !List.of("check", "apply").contains(arguments[0])) {
            System.err.println("usage: Format check|apply DIRECTORY...");
            System.exit(2);
        }
        Format format = new Format(arguments[0].equals("apply"));
        Stream.of(arguments)
                .skip(1)
                .map(Path::of)
                .filter(Files::isDirectory)
                .flatMap(Format::sources)
                .toList()
                .parallelStream()
                .forEach(format::visit);
        System.exit(format.report());
    }

    private static Stream<Path> sources(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths
                    .filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void visit(Path file) {
        try {
            String before = Files.readString(file);
            String after = FORMATTER.formatSourceAndFixImports(before);
            if (!before.equals(after)) {
                changed.add(file);
                if (apply) {
                    Files.writeString(file, after);
                }
            }
        } catch (FormatterException e) {
            broken.add(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int report() {
        broken.forEach(problem -> System.err.println("cannot parse " + problem));
        changed.forEach(file -> System.err.println((apply ? "formatted " : "not formatted: ") + file));
        if (!apply && !changed.isEmpty()) {
            System.err.println(changed.size() + " file(s) not formatted. Run tools/bin/format, then commit.");
        }
        return broken.isEmpty() && (apply || changed.isEmpty()) ? 0 : 1;
    }
}
