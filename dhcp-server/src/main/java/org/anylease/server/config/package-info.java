/**
 * The operator's files: the one that describes the whole system and the small one of each server; read with a
 * position for every problem, checked, compiled into each cell's slice, compared.
 *
 * <p>Only {@code ConfigSource} touches a disk; everything else is values in, values out. Depends on the store's
 * {@code address}, {@code cell}, {@code config} and {@code lease}, and on SnakeYAML Engine for events.
 */
@NullMarked
package org.anylease.server.config;

import org.jspecify.annotations.NullMarked;
