package org.anylease.store.rocks;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WALRecoveryMode;

/**
 * The database's settings. Its memory is bounded: at most two memtables of {@link #MEMTABLE_BYTES} and a cache of
 * {@link #CACHE_BYTES}, as the packet path reads from memory and the database is read only to start, to list and to
 * send a snapshot. Everything else is for few threads and few files.
 */
final class RocksSettings implements AutoCloseable {
    /** One memtable; a second one fills while the first is written out. */
    static final long MEMTABLE_BYTES = 16L << 20;

    /** A journal's memtable: it has few records, each written again and again. */
    static final long JOURNAL_MEMTABLE_BYTES = 4L << 20;

    /** Blocks kept in memory, indexes included. */
    static final long CACHE_BYTES = 4L << 20;

    private static final int MEMTABLES = 2;
    private static final int BACKGROUND_JOBS = 2;
    private static final int OPEN_FILES_MAX = 128;
    private static final long LOG_BYTES_MAX = 1L << 20;
    private static final int LOGS_KEPT = 2;

    private final LRUCache cache = new LRUCache(CACHE_BYTES);
    private final Options options;

    RocksSettings() {
        options = new Options()
                .setCreateIfMissing(true)
                .setParanoidChecks(true)
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MEMTABLES)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                // All writes are in one log's order and are flushed together, so that a crash loses a suffix only.
                .setAvoidFlushDuringShutdown(false)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_BYTES_MAX)
                .setKeepLogFileNum(LOGS_KEPT)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true));
    }

    /**
     * Those of a journal, whose write-ahead log is all that a crash leaves: a write that was cut short at its end is
     * dropped, as nobody was told of it; whatever else is amiss keeps it from being opened.
     */
    static RocksSettings ofJournal() {
        RocksSettings settings = new RocksSettings();
        settings.options
                .setWriteBufferSize(JOURNAL_MEMTABLE_BYTES)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
        return settings;
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        cache.close();
    }
}
