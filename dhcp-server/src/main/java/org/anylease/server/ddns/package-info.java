/**
 * Dynamic DNS, the part that acts: the leader of a cell compares what DNS is to hold with what is on record, commits what
 * it is about to do, sends updates (RFC 2136) and commits what became of them. Depends on {@code dns} for decisions.
 */
@NullMarked
package org.anylease.server.ddns;

import org.jspecify.annotations.NullMarked;
