/**
 * What is durable, in RocksDB: a cell's state, which a restart, a snapshot and a lease list are read from, and the journal
 * of what this server promised alone.
 *
 * <p>The only package of this module that touches files.
 */
@NullMarked
package org.anylease.store.rocks;

import org.jspecify.annotations.NullMarked;
