package org.anylease.server.expression;

import org.jspecify.annotations.Nullable;

/** A part of a compiled expression, by what it comes to. */
sealed interface Node {
    /** Comes to true or false, always. */
    non-sealed interface Condition extends Node {
        boolean test(Evaluation evaluation);
    }

    /** Comes to octets, or to nothing: null. The octets may be shared and are not to be written to. */
    non-sealed interface Data extends Node {
        byte @Nullable [] octets(Evaluation evaluation);
    }

    /** Comes to a number from 0 to 2^32 - 1, or to nothing: {@link #ABSENT}. */
    non-sealed interface Count extends Node {
        long ABSENT = -1;
        long MAX = 0xffff_ffffL;

        long value(Evaluation evaluation);
    }

    /** What it comes to, for people. */
    default String type() {
        return switch (this) {
            case Condition _ -> "true or false";
            case Data _ -> "octets";
            case Count _ -> "a number";
        };
    }
}
