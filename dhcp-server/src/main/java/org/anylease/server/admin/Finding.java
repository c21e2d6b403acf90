package org.anylease.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator should know: what is wrong, since when, what to do.
 *
 * @param severity how bad it is
 * @param where the cell, server or pool it is about
 * @param what what is wrong
 * @param since since when, or null when that is not known
 * @param remedy what to do
 */
public record Finding(
        Severity severity,
        String where,
        String what,
        @Nullable Instant since,
        String remedy) {
    /** How bad a finding is. */
    public enum Severity {
        /** Clients are affected, or a guarantee is at risk. */
        CRITICAL,
        /** Service goes on, with less in reserve. */
        WARNING,
        /** Nothing is wrong yet. */
        NOTICE
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("severity", Json.name(severity));
        node.put("where", where);
        node.put("what", what);
        node.put("since", since == null ? null : since.toString());
        node.put("remedy", remedy);
        return node;
    }
}
