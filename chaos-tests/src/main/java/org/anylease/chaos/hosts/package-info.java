/**
 * Where the servers of a chaos run live: hosts in network namespaces or in containers, the wires between them, and what
 * can go wrong with wires, processes, disks and clocks.
 *
 * <p>It touches no network but those it makes. It depends on {@code lab}, {@code tools} and Testcontainers, and needs
 * root.
 */
@NullMarked
package org.anylease.chaos.hosts;

import org.jspecify.annotations.NullMarked;
