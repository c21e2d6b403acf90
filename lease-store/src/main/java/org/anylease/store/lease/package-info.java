/**
 * What a lease is: client identities, bindings and the moves a binding can make, offers.
 *
 * <p>Pure. Depends on {@code address} only.
 */
@NullMarked
package org.anylease.store.lease;

import org.jspecify.annotations.NullMarked;
