/**
 * The demonstration that the README starts: three sites on this machine, a fleet of clients, a site that dies and
 * comes back.
 *
 * <p>It uses what an operator has: configuration files, server processes, the command line and the admin API.
 */
@NullMarked
package org.anylease.tools.demo;

import org.jspecify.annotations.NullMarked;
