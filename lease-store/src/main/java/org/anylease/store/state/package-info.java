/**
 * The state of a cell and how entries change it.
 *
 * <p>Pure: equal logs give equal states, equal bytes and equal digests on every replica. Depends on {@code address},
 * {@code cell}, {@code command}, {@code config}, {@code lease}, {@code allocation} and {@code codec}.
 */
@NullMarked
package org.anylease.store.state;

import org.jspecify.annotations.NullMarked;
