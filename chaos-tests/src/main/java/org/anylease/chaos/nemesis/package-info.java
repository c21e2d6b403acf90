/**
 * Chaos with real processes: scenarios as text, the nemesis that carries them out, a crowd of clients that live on
 * meanwhile, and the judge who reads their history afterwards.
 *
 * <p>It depends on {@code hosts}, {@code lab} and {@code tools}.
 */
@NullMarked
package org.anylease.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
