package org.anylease.server.isc.convert;

/** Writes YAML, line by line. */
final class YamlText {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** A key with a value, or one that starts a block when the value is empty. */
    void entry(String key, String value) {
        line(key + ":" + (value.isEmpty() ? "" : " " + value));
    }

    void comment(String words) {
        line("# " + words);
    }

    void line(String words) {
        text.append(words.isEmpty() ? "" : "  ".repeat(depth)).append(words).append('\n');
    }

    void open(String key) {
        entry(key, "");
        depth++;
    }

    void close() {
        depth--;
    }

    /** Where the text stands now, so that it can be seen whether anything followed. */
    int length() {
        return text.length();
    }

    /** Takes back what was written since. */
    void cut(int length) {
        text.setLength(length);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
