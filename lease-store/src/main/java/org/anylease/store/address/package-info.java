/**
 * IPv4 addresses, blocks and ranges: plain values.
 *
 * <p>Pure. Depends on nothing.
 */
@NullMarked
package org.anylease.store.address;

import org.jspecify.annotations.NullMarked;
