package org.anylease.store.config;

import java.time.Instant;
import org.anylease.store.address.Octets;

/**
 * An operator's change of the configuration, as the cell's history keeps it.
 *
 * @param version counts from 1
 * @param committed when, in cell time
 * @param author who asked for it, as the tool reported
 * @param source the whole file as the operator wrote it, UTF-8 compressed with gzip (RFC 1952)
 */
public record ConfigRevision(long version, Instant committed, String author, Octets source) {}
