package org.anylease.server.expression;

import org.anylease.store.address.Ipv4;
import org.jspecify.annotations.Nullable;

/** What an expression can see of the lease that a client is told of, and of what the configuration says for it. */
public interface ReplyView {
    /** No lease, and nothing configured. */
    ReplyView NONE = new ReplyView() {
        @Override
        public @Nullable Ipv4 address() {
            return null;
        }

        @Override
        public long seconds() {
            return -1;
        }

        @Override
        public byte @Nullable [] configured(int code, Evaluation evaluation) {
            return null;
        }
    };

    /**
     * The address.
     *
     * @return null when none is given
     */
    @Nullable
    Ipv4 address();

    /**
     * How long it is the client's.
     *
     * @return seconds; -1 when no address is given
     */
    long seconds();

    /**
     * What the configuration says of an option for the client, computed or not.
     *
     * @param code the option
     * @param evaluation under way, which pays for what has to be computed
     * @return the option's octets, not to be written to; null when nothing is said, or it comes to nothing
     */
    byte @Nullable [] configured(int code, Evaluation evaluation);
}
