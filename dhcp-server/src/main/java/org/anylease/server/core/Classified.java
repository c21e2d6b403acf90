package org.anylease.server.core;

import java.util.List;
import org.anylease.store.lease.ClassMembership;

/**
 * The classes that a packet makes its client a member of.
 *
 * @param kept those that the cell decides by
 * @param overlay what they add to replies
 */
record Classified(List<ClassMembership> kept, Overlay overlay) {
    /** Of no class. */
    static final Classified NONE = new Classified(List.of(), Overlay.NONE);
}
