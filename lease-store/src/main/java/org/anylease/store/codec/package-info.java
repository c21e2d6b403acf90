/**
 * The versioned bytes of commands, entries, outcomes, bindings and configurations.
 *
 * <p>Pure. An unknown version is refused by name, never guessed. Depends on all value packages.
 */
@NullMarked
package org.anylease.store.codec;

import org.jspecify.annotations.NullMarked;
