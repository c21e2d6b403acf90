package org.anylease.store.command;

/** What a client did with a promise before it was committed; the numbers are never reused. */
public enum PromiseEnding {
    /** Nothing: it holds the address. */
    HELD(0),
    /** It gave the address back (RFC 2131 §4.3.4). */
    RELEASED(1),
    /** It found the address in use (RFC 2131 §4.3.3). */
    DECLINED(2);

    private final int code;

    PromiseEnding(int code) {
        this.code = code;
    }

    /**
     * The ending's number in encoded form.
     *
     * @return 0 to 255
     */
    public int code() {
        return code;
    }

    /**
     * The ending with a number.
     *
     * @param code as encoded
     * @return the ending
     * @throws IllegalArgumentException when there is none
     */
    public static PromiseEnding ofCode(int code) {
        return switch (code) {
            case 0 -> HELD;
            case 1 -> RELEASED;
            case 2 -> DECLINED;
            default -> throw new IllegalArgumentException("no ending of a promise has the number " + code);
        };
    }
}
