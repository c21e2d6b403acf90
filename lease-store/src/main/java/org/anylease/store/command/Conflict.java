package org.anylease.store.command;

import java.time.Instant;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.cell.ServerId;
import org.anylease.store.lease.LeaseClient;
import org.jspecify.annotations.Nullable;

/**
 * An address was promised twice. It takes a server that was declared down and was not, a disk that was rolled back, or
 * a clock past its bound. The address is in quarantine until both promises are over; the operator clears the record.
 *
 * @param address the address
 * @param index the entry that found it
 * @param time when, in cell time
 * @param holder the client that the cell had on record, or null when it was set aside, kept or in quarantine
 * @param holderUntil until when: the binding's end
 * @param promised the client that was promised it alone
 * @param by the server that promised it
 * @param rule by which rule
 * @param until until when
 */
public record Conflict(
        Ipv4 address,
        LogIndex index,
        Instant time,
        @Nullable LeaseClient holder,
        Instant holderUntil,
        LeaseClient promised,
        ServerId by,
        PromiseRule rule,
        Instant until) {}
