package org.anylease.server.expression;

/**
 * The evaluation of any number of expressions for one packet, with a bound on all of their work together. Used by one
 * thread.
 */
public final class Evaluation {
    /**
     * So many steps at most for one packet: an octet looked at is one, and so is a part of an expression; an octet that
     * a regular expression looks at is as many as that is long. About a hundredth of a second.
     */
    public static final int STEPS_MAX = 1 << 19;

    private final RequestView request;
    private final ReplyView reply;
    private int left = STEPS_MAX;
    private boolean exhausted;

    /**
     * Begins.
     *
     * @param request what the expressions see
     */
    public Evaluation(RequestView request) {
        this(request, ReplyView.NONE);
    }

    /**
     * Begins, for what speaks of the reply as well.
     *
     * @param request what the expressions see of the packet
     * @param reply what they see of the reply
     */
    public Evaluation(RequestView request, ReplyView reply) {
        this.request = request;
        this.reply = reply;
    }

    ReplyView reply() {
        return reply;
    }

    RequestView request() {
        return request;
    }

    /** Whether so much may still be done; from the first time that it may not, nothing may. */
    boolean spend(long steps) {
        if (exhausted || steps > left) {
            exhausted = true;
            return false;
        }
        left -= (int) steps;
        return true;
    }

    /**
     * Whether the bound was met. Then no result since then means anything, and the packet is not to be served.
     *
     * @return true once something was left undone
     */
    public boolean isExhausted() {
        return exhausted;
    }
}
