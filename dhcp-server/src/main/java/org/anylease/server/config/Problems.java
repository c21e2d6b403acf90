package org.anylease.server.config;

import java.util.ArrayList;
import java.util.List;
import org.anylease.server.config.ConfigProblem.Severity;
import org.anylease.server.config.YamlValue.Position;

/** Gathers the problems of one file while it is read. Used by one thread. */
final class Problems {
    /** More are counted, but not shown: a file this broken is not mended from one list. */
    static final int SHOWN_MAX = 200;

    private static final int LENGTH_MAX = 400;

    private final String file;
    private final List<ConfigProblem> found = new ArrayList<>();
    private boolean errors;
    private int unshown;

    Problems(String file) {
        this.file = file;
    }

    /** The name of the file. */
    String file() {
        return file;
    }

    void error(Position at, String path, String what, String valid) {
        errors = true;
        add(Severity.ERROR, at, path, what, valid);
    }

    void warning(Position at, String path, String what, String valid) {
        add(Severity.WARNING, at, path, what, valid);
    }

    boolean hasErrors() {
        return errors;
    }

    /** Whether further problems will only be counted. */
    boolean isFull() {
        return found.size() >= SHOWN_MAX;
    }

    List<ConfigProblem> inOrder() {
        List<ConfigProblem> all =
                new ArrayList<>(found.stream().sorted().distinct().toList());
        if (unshown > 0) {
            int line = all.getLast().line();
            String what = "further problems are not shown: " + unshown;
            all.add(new ConfigProblem(errors ? Severity.ERROR : Severity.WARNING, file, line, 1, "", what, ""));
        }
        return all;
    }

    private void add(Severity severity, Position at, String path, String what, String valid) {
        if (isFull()) {
            unshown++;
            return;
        }
        found.add(new ConfigProblem(
                severity, file, at.line(), at.column(), printable(path), printable(what), printable(valid)));
    }

    /** A file may hold anything; what is shown of it neither floods a terminal nor steers it. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LENGTH_MAX)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(shown::appendCodePoint);
        if (shown.length() < text.length() && text.codePointCount(0, text.length()) > LENGTH_MAX) {
            shown.append('…');
        }
        return shown.toString();
    }
}
