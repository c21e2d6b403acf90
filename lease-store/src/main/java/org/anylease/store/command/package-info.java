/**
 * Commands that change a cell, in the batches and entries that carry them, and what became of each.
 *
 * <p>Pure. Depends on {@code address}, {@code cell}, {@code config} and {@code lease}.
 */
@NullMarked
package org.anylease.store.command;

import org.jspecify.annotations.NullMarked;
