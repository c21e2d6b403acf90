package org.anylease.store.dns;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;

/**
 * A record of one address, as the cell has it.
 *
 * @param address the address
 * @param index the entry that put it there; the next command about the address names it
 * @param since the cell's time at that entry
 * @param record the names
 */
public record DnsEntry(Ipv4 address, LogIndex index, Instant since, DnsRecord record) {}
