package org.anylease.server.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.anylease.server.admin.ConfigCompiler;
import org.anylease.server.config.ConfigChange;
import org.anylease.server.config.ConfigDiff;
import org.anylease.server.config.ConfigFile;
import org.anylease.server.config.ConfigProblem;
import org.anylease.server.config.ConfigReading;
import org.anylease.server.config.ConfigSource;
import org.anylease.server.config.SystemConfig;
import org.anylease.store.config.CellConfig;

/** Reads the operator's system file for the admin side. */
public final class FileCompiler implements ConfigCompiler {
    /** A compiler; it keeps nothing. */
    public FileCompiler() {}

    @Override
    public Compiled compile(String name, String text, long version) {
        ConfigReading<SystemConfig> reading = ConfigFile.system(ConfigSource.of(name, text));
        List<Problem> problems = new ArrayList<>();
        for (ConfigProblem problem : reading.problems()) {
            problems.add(new Problem(
                    problem.severity() == ConfigProblem.Severity.ERROR,
                    problem.line(),
                    problem.column(),
                    problem.path(),
                    problem.what(),
                    problem.valid()));
        }
        return switch (reading) {
            case ConfigReading.Accepted<SystemConfig>(SystemConfig system, var _) ->
                new Compiled(system.slices(version), problems);
            case ConfigReading.Refused<SystemConfig> _ -> new Compiled(List.of(), problems);
        };
    }

    @Override
    public List<Change> compare(List<CellConfig> before, List<CellConfig> after) {
        List<Change> changes = new ArrayList<>();
        for (ConfigChange change : ConfigDiff.between(before, after, _ -> 0).changes()) {
            int slash = change.path().indexOf('/');
            changes.add(new Change(
                    slash < 0 ? change.path() : change.path().substring(0, slash),
                    change.path() + " " + change.name(),
                    Objects.requireNonNullElse(change.before(), ""),
                    Objects.requireNonNullElse(change.after(), "")));
        }
        return changes;
    }
}
