/**
 * A cell's durable state in RocksDB: what a restart, a snapshot and a lease list are read from.
 *
 * <p>The only package of this module that touches files.
 */
@NullMarked
package org.anylease.store.rocks;

import org.jspecify.annotations.NullMarked;
