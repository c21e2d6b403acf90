package org.anylease.server.isc.convert;

/**
 * Something with the entry of the statement it comes from.
 *
 * @param value what it is
 * @param entry whence
 */
record Held<T>(T value, Ledger.Entry entry) {}
