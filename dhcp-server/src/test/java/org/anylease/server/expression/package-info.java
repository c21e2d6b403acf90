/**
 * Tests of the language for client classes.
 *
 * <p>What they do not prove: how long an evaluation takes on a clock; its steps are counted instead.
 */
@NullMarked
package org.anylease.server.expression;

import org.jspecify.annotations.NullMarked;
