package org.anylease.store.cell;

/** The one rule for names of cells, servers and sites: those of a DNS label (RFC 1035 §2.3.1), lower case. */
final class Names {
    private static final int LENGTH_MAX = 63;

    private Names() {}

    static void check(String what, String name) {
        boolean valid = !name.isEmpty() && name.length() <= LENGTH_MAX && name.charAt(0) != '-';
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }
        if (!valid) {
            throw new IllegalArgumentException("'" + name + "' is no " + what
                    + " name (lower-case letters, digits and dashes, not starting with a dash, at most " + LENGTH_MAX
                    + ")");
        }
    }
}
