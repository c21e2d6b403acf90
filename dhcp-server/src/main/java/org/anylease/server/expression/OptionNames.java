package org.anylease.server.expression;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** The names by which an expression may call options. */
public interface OptionNames {
    /** No names: options are called by their codes. */
    OptionNames NONE = new OptionNames() {
        @Override
        public OptionalInt code(String name) {
            return OptionalInt.empty();
        }

        @Override
        public Collection<String> all() {
            return List.of();
        }
    };

    /**
     * The option of a name.
     *
     * @param name any word
     * @return its code; empty when no option has the name
     */
    OptionalInt code(String name);

    /**
     * Every name.
     *
     * @return in any order, to suggest one for a misspelt one
     */
    Collection<String> all();
}
