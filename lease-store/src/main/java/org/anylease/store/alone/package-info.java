/**
 * What one server may promise by itself while it cannot commit (rules R2 to R4 of the lease protocol), and the journal
 * of what it did promise.
 *
 * <p>Pure: decisions are functions of a cell's applied state, the journal's image and the time. Depends on {@code state}
 * and what that depends on; an adapter makes the journal's records durable.
 */
@NullMarked
package org.anylease.store.alone;

import org.jspecify.annotations.NullMarked;
