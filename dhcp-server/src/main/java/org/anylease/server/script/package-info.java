/**
 * Runs the commands that an operator allows, beside the server: few at a time, none for long.
 *
 * <p>Start at {@link org.anylease.server.script.CommandRunner}. Threads of its own; depends on nothing else here.
 */
@NullMarked
package org.anylease.server.script;

import org.jspecify.annotations.NullMarked;
