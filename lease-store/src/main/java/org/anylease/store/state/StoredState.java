package org.anylease.store.state;

import org.anylease.store.codec.ByteReader;
import org.anylease.store.codec.ConfigCodec;
import org.anylease.store.codec.UnreadableException;
import org.anylease.store.config.CellConfig;

/** Puts a stored state's records where they belong. */
final class StoredState {
    private final CellState state;

    StoredState(CellState state) {
        this.state = state;
    }

    void restore(Iterable<StateChanges.Change> stored) throws UnreadableException {
        CellConfig config = null;
        for (StateChanges.Change record : stored) {
            byte[] key = record.key();
            byte[] value = record.value();
            if (value == null || key.length == 0) {
                throw new UnreadableException("stored state is damaged: a record without a key or a value");
            }
            ByteReader in = new ByteReader("stored state", value, 0, value.length);
            switch (key[0]) {
                case StoredKeys.BINDING -> state.bindings.restore(StoredKeys.address(key), value);
                case StoredKeys.CLOCK -> state.restoreClock(in);
                case StoredKeys.CONFIG -> config = ConfigCodec.decode(in);
                case StoredKeys.REVISION -> state.history.add(ConfigCodec.decodeRevision(in));
                case StoredKeys.EXCHANGES -> state.exchanges.restore(StoredKeys.origin(key), value);
                case StoredKeys.CONFLICT -> state.conflicts.restore(key, in);
                case StoredKeys.DECLARED_DOWN -> state.declaredDown.restore(StoredKeys.server(key), in);
                case StoredKeys.RECOVERY -> state.recoveries.restore(in);
                case StoredKeys.EARLIER_TERMS -> state.earlierTerms.restore(StoredKeys.index(key), in);
                case StoredKeys.DNS -> DnsLedger.check(key, in);
                case StoredKeys.RESERVATION -> state.reservations.restore(in);
                default ->
                    throw new UnreadableException("stored state has a record of kind " + key[0]
                            + "; this program knows kinds 1 to 11 (was it written by a newer one?)");
            }
            if (key[0] != StoredKeys.BINDING) {
                state.meta.restore(key, value);
            }
        }
        if (config != null) {
            state.configure(config);
        }
    }
}
