/** Tests of the commands that an operator allows. */
@NullMarked
package org.anylease.server.script;

import org.jspecify.annotations.NullMarked;
