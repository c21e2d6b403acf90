package org.anylease.server.event;

/**
 * What is told of an event.
 *
 * @param level how loudly
 * @param meaning what happened, in a sentence or two
 * @param action what an operator should do, in a sentence
 */
record EventText(Level level, String meaning, String action) {}
