package org.anylease.server.isc.syntax;

/**
 * A part of a value with nothing but space around it, such as {@code 10.0.0.1}, {@code 01:02:aa} or {@code "text"}.
 *
 * @param at where it stands
 * @param text what it says; of quoted text each octet is the character of the same number (ISO 8859-1)
 * @param quoted whether it stood in quotes
 */
public record Piece(Place at, String text, boolean quoted) {}
