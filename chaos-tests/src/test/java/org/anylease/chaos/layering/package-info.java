/**
 * The layering rules as code, and fixtures that break each of them.
 *
 * <p>May depend on everything, because it only reads bytecode.
 */
@NullMarked
package org.anylease.chaos.layering;

import org.jspecify.annotations.NullMarked;
