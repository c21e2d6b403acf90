/**
 * The language in which an operator says what a client is like: {@code option[60] starts-with "PXEClient"}.
 *
 * <p>Start at {@link org.anylease.server.expression.Expression}. A text is checked and compiled once; what is evaluated
 * for each packet has fixed types and a bound on its work. The reference is in {@code docs/configuration.md}.
 *
 * <p>Pure: no I/O, clock, threads, chance or logging. Depends on {@code wire} and {@code org.anylease.store.address}.
 */
@NullMarked
package org.anylease.server.expression;

import org.jspecify.annotations.NullMarked;
