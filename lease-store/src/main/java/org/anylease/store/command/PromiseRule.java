package org.anylease.store.command;

/** The rules by which a server may promise alone (docs/protocol, "Promises"); the numbers are never reused. */
public enum PromiseRule {
    /** The address was active for the client, and is promised up to MCLT past the committed expiry. */
    R2_EXTENSION(2),
    /** The address was set aside for the server. */
    R3_ESCROW(3),
    /** The address is kept for the client by the configuration. */
    R4_RESERVATION(4);

    private final int code;

    PromiseRule(int code) {
        this.code = code;
    }

    /**
     * The rule's number in encoded form.
     *
     * @return 0 to 255
     */
    public int code() {
        return code;
    }

    /**
     * The rule with a number.
     *
     * @param code as encoded
     * @return the rule
     * @throws IllegalArgumentException when there is none
     */
    public static PromiseRule ofCode(int code) {
        return switch (code) {
            case 2 -> R2_EXTENSION;
            case 3 -> R3_ESCROW;
            case 4 -> R4_RESERVATION;
            default -> throw new IllegalArgumentException("no rule of promising has the number " + code);
        };
    }
}
