/**
 * Names of the parts of a cluster: cells, servers, log positions.
 *
 * <p>Pure. Depends on nothing.
 */
@NullMarked
package org.anylease.store.cell;

import org.jspecify.annotations.NullMarked;
