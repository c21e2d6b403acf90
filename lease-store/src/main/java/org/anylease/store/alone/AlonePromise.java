package org.anylease.store.alone;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.anylease.store.address.Ipv4;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.command.PromiseRule;

/**
 * What a server may tell a client alone, once the records are durable.
 *
 * @param address the address
 * @param rule by which rule
 * @param until until when, by this server's clock
 * @param leaseTime from now until then, in whole seconds; at least one
 * @param held whether the client has it already, so that it needs no probe
 * @param basedOn the applied index of the state that this was decided on
 * @param records what the journal has to hold before the client hears of it
 */
public record AlonePromise(
        Ipv4 address,
        PromiseRule rule,
        Instant until,
        Duration leaseTime,
        boolean held,
        LogIndex basedOn,
        List<JournalRecord> records) {
    /** Copies the list. */
    public AlonePromise {
        records = List.copyOf(records);
    }
}
