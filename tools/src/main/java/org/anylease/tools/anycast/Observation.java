package org.anylease.tools.anycast;

/**
 * What one check of the local server has shown.
 *
 * @param health how it is
 * @param why what the check saw, as an operator reads it
 */
public record Observation(Health health, String why) {}
