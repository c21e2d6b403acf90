package org.anylease.chaos.isc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The table of docs/migration/differences.md: {@code | field | dhcpd | Anylease | scenarios | why |}. A value is
 * {@code absent}, {@code sent} for any, or the value itself; scenarios are {@code everywhere}, or names.
 */
final class KnownDifferences {
    private static final String EVERYWHERE = "everywhere";

    private final List<Row> rows;

    /** A row, and where it was met. */
    private record Row(String field, String dhcpd, String ours, List<String> scenarios, TreeSet<String> met) {
        boolean covers(Difference difference) {
            return field.equals(difference.field())
                    && covers(dhcpd, difference.dhcpd())
                    && covers(ours, difference.ours())
                    && (scenarios.contains(EVERYWHERE) || scenarios.contains(difference.scenario()));
        }

        private static boolean covers(String written, String value) {
            return written.equals("sent") ? !value.equals(Difference.ABSENT) : written.equals(value);
        }

        List<String> unmet() {
            List<String> unmet = new ArrayList<>();
            for (String scenario : scenarios) {
                boolean was = scenario.equals(EVERYWHERE) ? !met.isEmpty() : met.contains(scenario);
                if (!was) {
                    unmet.add(field + ": dhcpd " + dhcpd + ", Anylease " + ours + ": not met in " + scenario);
                }
            }
            return unmet;
        }
    }

    private KnownDifferences(List<Row> rows) {
        this.rows = rows;
    }

    static KnownDifferences read(Path document) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(document)) {
            List<String> cells = List.of(line.replace("`", "").split("\\|", -1));
            boolean data = cells.size() == 7
                    && !cells.get(1).contains("--")
                    && !cells.get(1).strip().equals("field");
            if (data) {
                List<String> scenarios = new ArrayList<>();
                for (String name : cells.get(4).split(",", -1)) {
                    scenarios.add(name.strip());
                }
                rows.add(new Row(
                        cells.get(1).strip(), cells.get(2).strip(), cells.get(3).strip(), scenarios, new TreeSet<>()));
            }
        }
        return new KnownDifferences(rows);
    }

    /** Whether a row covers it; that row was met then. */
    boolean covers(Difference difference) {
        boolean covered = false;
        for (Row row : rows) {
            if (row.covers(difference)) {
                row.met.add(difference.scenario());
                covered = true;
            }
        }
        return covered;
    }

    /** What is written down and did not happen. */
    List<String> unmet() {
        return rows.stream().flatMap(row -> row.unmet().stream()).toList();
    }
}
