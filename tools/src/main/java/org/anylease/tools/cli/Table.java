package org.anylease.tools.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A table that fits the terminal. Its first rows decide the widths; after them rows go out as they come, so that a
 * list of a million does not wait in memory.
 */
final class Table {
    private static final int ROWS_MEASURED = 500;
    private static final int WIDTH_LEAST = 8;
    private static final String GAP = "  ";

    private final Terminal terminal;
    private final PrintStream out;
    private final List<String> headers;
    private final List<Row> held = new ArrayList<>();
    private int[] widths = {};
    private long rows;

    private record Row(List<String> cells, UnaryOperator<String> style) {}

    Table(Terminal terminal, String... headers) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.headers = List.of(headers);
    }

    long rows() {
        return rows;
    }

    void row(String... cells) {
        row(UnaryOperator.identity(), cells);
    }

    /** Adds a row; the style colours the whole line. */
    void row(UnaryOperator<String> style, String... cells) {
        List<String> shown = new ArrayList<>();
        for (String cell : cells) {
            shown.add(Terminal.harmless(cell));
        }
        rows++;
        Row row = new Row(shown, style);
        if (widths.length == 0) {
            held.add(row);
            if (held.size() == ROWS_MEASURED) {
                release();
            }
        } else {
            print(row);
        }
    }

    /** Prints what is held back. */
    void end() {
        if (widths.length == 0) {
            release();
        }
        out.flush();
    }

    private void release() {
        measure();
        print(new Row(headers, terminal::bold));
        held.forEach(this::print);
        held.clear();
    }

    private void measure() {
        int[] wanted = new int[headers.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = headers.get(i).length();
            for (Row row : held) {
                wanted[i] = Math.max(wanted[i], row.cells.get(i).length());
            }
        }
        widths = wanted;
        while (terminal.width() > 0 && total() > terminal.width()) {
            int widest = 0;
            for (int i = 1; i < widths.length; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= WIDTH_LEAST) {
                return;
            }
            widths[widest]--;
        }
    }

    private int total() {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    private void print(Row row) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.cells.get(i);
            // Later rows may be wider than those that were measured; cut only where a terminal would wrap.
            boolean cut = cell.length() > widths[i] && terminal.width() > 0;
            line.append(i == 0 ? "" : GAP).append(cut ? cell.substring(0, widths[i] - 1) + "…" : cell);
            line.repeat(' ', Math.max(0, widths[i] - cell.length()));
        }
        out.println(row.style.apply(line.toString().stripTrailing()));
    }
}
