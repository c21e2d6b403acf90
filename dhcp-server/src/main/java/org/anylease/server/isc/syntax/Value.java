package org.anylease.server.isc.syntax;

import java.util.List;

/** What a statement gives. */
public sealed interface Value {
    /**
     * Pieces as they stand, between commas.
     *
     * @param items what stands between commas, each of one or more pieces; none when nothing is given
     */
    record Data(List<List<Piece>> items) implements Value {
        /** Copies the items. */
        public Data {
            items = items.stream().map(List::copyOf).toList();
        }

        /**
         * All pieces in order.
         *
         * @return the pieces, whatever stands between them
         */
        public List<Piece> pieces() {
            return items.stream().flatMap(List::stream).toList();
        }
    }

    /**
     * An expression, evaluated for each client (dhcp-eval(5)).
     *
     * @param expression what is evaluated
     */
    record Computed(Expression expression) implements Value {}
}
