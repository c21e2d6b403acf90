package org.anylease.store.alone;

/** Why a server may promise nothing alone. */
public enum Fence {
    /** It has not applied any configuration of the cell. */
    NOT_CONFIGURED,
    /** The state that it has applied does not list it. */
    NOT_A_MEMBER,
    /** It was declared down, and is to catch up first. */
    DECLARED_DOWN,
    /** It has not caught up with what it reported, as after a restart. */
    BEHIND_ITS_REPORT,
    /** Its journal is new, and nothing it committed has shown yet how far the cell is. */
    NEWBORN,
    /** Its clock has stepped or strayed. */
    CLOCK_UNTRUSTED
}
