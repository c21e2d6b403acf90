package org.anylease.server.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.anylease.server.config.ConfigReading.Accepted;
import org.anylease.server.config.ConfigReading.Refused;

/** Reads the operator's files. Whatever they contain, the answer is a value: what they say, or what is wrong. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Reads the file that describes the whole system.
     *
     * @param source the file
     * @return what it says, or all that is wrong with it
     */
    public static ConfigReading<SystemConfig> system(ConfigSource source) {
        return read(source, SystemReader::read);
    }

    /**
     * Reads a server's own file.
     *
     * @param source the file
     * @return what it says, or all that is wrong with it
     */
    public static ConfigReading<ServerConfig> server(ConfigSource source) {
        return read(source, ServerReader::read);
    }

    /**
     * Reads the file of {@code anylease anycast}.
     *
     * @param source the file
     * @return what it says, or all that is wrong with it
     */
    public static ConfigReading<AnycastConfig> anycast(ConfigSource source) {
        return read(source, AnycastReader::read);
    }

    private static <T> ConfigReading<T> read(ConfigSource source, Function<Cursor, Optional<T>> reader) {
        Problems problems = new Problems(source.name());
        Optional<T> value = text(source, problems)
                .flatMap(text -> YamlReader.read(text, problems))
                .flatMap(root -> reader.apply(new Cursor(root, root.at(), root.at(), "", problems)));
        if (problems.hasErrors()) {
            return new Refused<>(problems.inOrder());
        }
        return new Accepted<>(
                value.orElseThrow(() -> new IllegalStateException("a file was dropped without a problem")),
                problems.inOrder());
    }

    private static Optional<String> text(ConfigSource source, Problems problems) {
        if (source.octets().length() > ConfigSource.LENGTH_MAX) {
            problems.error(
                    YamlValue.Position.START,
                    "",
                    "the file is too long",
                    "at most " + ConfigSource.LENGTH_MAX + " octets");
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source.octets().toArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            problems.error(YamlValue.Position.START, "", "the file is not UTF-8 text", "");
            return Optional.empty();
        }
    }
}
