/**
 * From a configuration of ISC DHCP to one of Anylease, with a finding for every statement: nothing is dropped silently.
 *
 * <p>{@link org.anylease.server.isc.convert.Conversion} is the way in. {@code ScopeReader} gathers what each
 * declaration says into a tree of {@code Scope}s, {@code Networks} fits addresses into subnets, and {@code SystemText}
 * writes the file. Pure. Depends on {@code isc.syntax}, and on {@code config} for the names and types of options.
 */
@NullMarked
package org.anylease.server.isc.convert;

import org.jspecify.annotations.NullMarked;
