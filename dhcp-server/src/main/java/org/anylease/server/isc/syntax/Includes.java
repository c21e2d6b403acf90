package org.anylease.server.isc.syntax;

import java.util.Optional;

/** Finds the files that a file includes. */
@FunctionalInterface
public interface Includes {
    /** Finds none. */
    Includes NONE = _ -> Optional.empty();

    /**
     * The text of an included file.
     *
     * @param name as the include statement names it
     * @return its octets, each as the character of the same number (ISO 8859-1); nothing when it cannot be read
     */
    Optional<String> text(String name);
}
