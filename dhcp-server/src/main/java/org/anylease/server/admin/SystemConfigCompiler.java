package org.anylease.server.admin;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.anylease.server.config.ConfigChange;
import org.anylease.server.config.ConfigDiff;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.LeaseCount;
import org.anylease.server.config.SystemConfig;
import org.anylease.store.config.CellConfig;

/** Compiles the file that describes the whole system. */
public final class SystemConfigCompiler implements ConfigCompiler {
    /** Nothing to set up. */
    public SystemConfigCompiler() {}

    @Override
    public Compiled compile(String name, String text, long version) {
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of(name, text));
        List<Problem> problems =
                reading.problems().stream().map(SystemConfigCompiler::problem).toList();
        return switch (reading) {
            case ConfigReading.Accepted<SystemConfig>(SystemConfig system, var _) ->
                new Compiled(system.slices(version), problems, system.beside());
            case ConfigReading.Refused<SystemConfig> _ -> new Compiled(List.of(), problems);
        };
    }

    private static Problem problem(ConfigProblem problem) {
        return new Problem(
                problem.severity() == ConfigProblem.Severity.ERROR,
                problem.line(),
                problem.column(),
                problem.path(),
                problem.what(),
                problem.valid());
    }

    @Override
    public List<Change> compare(List<CellConfig> before, List<CellConfig> after, LeaseCount leases) {
        return ConfigDiff.between(before, after, leases).changes().stream()
                .map(SystemConfigCompiler::change)
                .toList();
    }

    private static Change change(ConfigChange change) {
        Long leases = change.leases();
        String path = Stream.of(change.path(), change.name())
                .filter(part -> !part.isEmpty())
                .reduce((outer, inner) -> outer + " " + inner)
                .orElse("");
        return new Change(
                change.toString(),
                path,
                Objects.requireNonNullElse(change.before(), ""),
                Objects.requireNonNullElse(change.after(), ""),
                leases,
                change.effect());
    }
}
