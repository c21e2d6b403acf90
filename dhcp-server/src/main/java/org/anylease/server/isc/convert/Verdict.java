package org.anylease.server.isc.convert;

import java.util.Locale;

/** What became of a statement. The later ones outweigh the earlier. */
public enum Verdict {
    /** It has the same effect here. */
    CONVERTED,
    /** It has nearly the same effect, or is not needed; the finding says what differs. */
    DIFFERENT,
    /** It has no effect here; the finding says what it did, and what to do instead. */
    UNSUPPORTED,
    /** It is wrong in itself. */
    MALFORMED;

    /**
     * The verdict for JSON.
     *
     * @return such as {@code converted}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The verdict for people.
     *
     * @return such as {@code not supported}
     */
    public String shown() {
        return switch (this) {
            case CONVERTED -> "converted";
            case DIFFERENT -> "converted with a difference";
            case UNSUPPORTED -> "not supported";
            case MALFORMED -> "malformed";
        };
    }
}
