/**
 * Which addresses a cell's configuration lets a client have, and which of the idle ones comes next.
 *
 * <p>Pure. Depends on {@code address}, {@code config} and {@code lease}; it sees bindings only through
 * {@link org.anylease.store.allocation.IdleRecords}.
 */
@NullMarked
package org.anylease.store.allocation;

import org.jspecify.annotations.NullMarked;
