/**
 * Teaches the virtual machine what a server does, so that the next start is fast and warm.
 *
 * <p>It runs a server as the demo does. Nothing depends on it but {@code tools/bin/train}.
 */
@NullMarked
package org.anylease.tools.train;

import org.jspecify.annotations.NullMarked;
