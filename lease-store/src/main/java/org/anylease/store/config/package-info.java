/**
 * One cell's slice of the operator's configuration, as it is committed in the cell's log.
 *
 * <p>Pure. Depends on {@code address}, {@code cell} and {@code lease}.
 */
@NullMarked
package org.anylease.store.config;

import org.jspecify.annotations.NullMarked;
