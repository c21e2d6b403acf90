/**
 * The command line: what an operator types.
 *
 * <p>Each noun is a command, each verb a subcommand. May depend on everything.
 */
@NullMarked
package org.anylease.tools.cli;

import org.jspecify.annotations.NullMarked;
