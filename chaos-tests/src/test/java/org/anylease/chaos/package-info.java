/**
 * Tests that see every module at once.
 *
 * <p>May depend on everything.
 */
@NullMarked
package org.anylease.chaos;

import org.jspecify.annotations.NullMarked;
