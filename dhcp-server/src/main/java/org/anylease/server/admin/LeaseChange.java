package org.anylease.server.admin;

import java.time.Instant;
import org.anylease.store.cell.CellId;
import org.anylease.store.cell.LogIndex;
import org.anylease.store.lease.Binding;

/**
 * A binding as it is after an entry was applied here.
 *
 * @param cell the cell
 * @param index the entry
 * @param time the cell's time after it
 * @param binding as it is now
 */
public record LeaseChange(CellId cell, LogIndex index, Instant time, Binding binding) {}
