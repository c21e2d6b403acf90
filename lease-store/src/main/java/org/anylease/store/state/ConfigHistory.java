package org.anylease.store.state;

import java.util.ArrayList;
import java.util.List;
import org.anylease.store.config.ConfigRevision;
import org.jspecify.annotations.Nullable;

/** The last revisions of a cell's configuration, so that an operator can go back to one. */
final class ConfigHistory {
    /** How many revisions are kept. */
    static final int REVISIONS_MAX = 50;

    private final List<ConfigRevision> revisions = new ArrayList<>();

    /** Oldest first. */
    List<ConfigRevision> revisions() {
        return List.copyOf(revisions);
    }

    /** Adds a revision, and returns the one that makes room for it, if any. */
    @Nullable
    ConfigRevision add(ConfigRevision revision) {
        revisions.add(revision);
        return revisions.size() > REVISIONS_MAX ? revisions.removeFirst() : null;
    }
}
