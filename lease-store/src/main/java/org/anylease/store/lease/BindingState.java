package org.anylease.store.lease;

/** The states of a binding; the numbers are part of the encoded form and never reused. */
public enum BindingState {
    /** Nobody's: it may be given to anyone. */
    FREE(0),
    /** Leased to a client until its expiry. */
    ACTIVE(1),
    /** Its lease has run out; it is nobody else's until no server can still lead its holder. */
    EXPIRED(2),
    /** Given back by its holder; waits like an expired one. */
    RELEASED(3),
    /** Found in use by somebody unknown (DECLINE, or an answered probe); in quarantine. */
    ABANDONED(4),
    /** Set aside for one server, which may give it out while it is cut off. */
    ESCROWED(5),
    /** Kept by the configuration for one client, which does not hold it now. */
    RESERVED(6);

    /** The numbers count from 0 in the order of declaration; values() would copy this at every record read. */
    private static final BindingState[] BY_CODE = values();

    private final int code;

    BindingState(int code) {
        this.code = code;
    }

    /**
     * The state's number in encoded form.
     *
     * @return 0 to 255
     */
    public int code() {
        return code;
    }

    /**
     * The state with a number.
     *
     * @param code as encoded
     * @return the state
     * @throws IllegalArgumentException when there is none
     */
    public static BindingState ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no binding state has the number " + code);
        }
        return BY_CODE[code];
    }
}
