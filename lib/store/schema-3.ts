/**
 * Store version 3: what a client of a server has to say of itself, what a plan wants of its requests and how it found its
 * rates, and the bytes of streams that are kept.
 */
export const version3 = `
ALTER TABLE request ADD COLUMN pool_wait_us INTEGER; -- of the time from scheduled to sent: no client was free
ALTER TABLE request ADD COLUMN connect_us INTEGER; -- of the same time: a connection was opened anew
ALTER TABLE request ADD COLUMN first_chunk_us INTEGER; -- from sent: a server's first chunk, where that was no content event
ALTER TABLE request ADD COLUMN empty_chunks_us TEXT; -- JSON, from sent: a server's chunks that had a choice and nothing in it
ALTER TABLE request ADD COLUMN counted_tokens INTEGER; -- output tokens as a named tokenizer counts them, beside output_tokens
ALTER TABLE request ADD COLUMN engine_load_ms REAL; -- by the server's account: to load the model for this request
ALTER TABLE request ADD COLUMN engine_total_ms REAL; -- by the server's account: from when the request came until its answer was over
ALTER TABLE trial ADD COLUMN client TEXT; -- JSON: how the client of a server did itself
ALTER TABLE trial ADD COLUMN counters TEXT; -- JSON: by how much a server's own counters grew while it was measured
ALTER TABLE launch ADD COLUMN vram_claimed_bytes INTEGER; -- what the engine says that its model takes
ALTER TABLE launch ADD COLUMN vram_reserved_bytes INTEGER; -- what it sets aside by its settings
ALTER TABLE telemetry ADD COLUMN anon_bytes INTEGER; -- of rss_bytes: what is in no file
ALTER TABLE telemetry ADD COLUMN file_bytes INTEGER; -- of rss_bytes: what a file or shared memory is behind
ALTER TABLE telemetry ADD COLUMN pss_anon_bytes INTEGER; -- the same of pss_bytes
ALTER TABLE telemetry ADD COLUMN pss_file_bytes INTEGER;
ALTER TABLE telemetry ADD COLUMN cpu_seconds REAL; -- of the engine's process tree, up to now
ALTER TABLE telemetry ADD COLUMN processes INTEGER; -- in the tree
ALTER TABLE telemetry ADD COLUMN gpu_used_bytes INTEGER; -- of the GPUs as a whole, whoever uses them
ALTER TABLE telemetry ADD COLUMN gpu_reserved_bytes INTEGER; -- what driver and firmware keep for themselves
ALTER TABLE telemetry ADD COLUMN gpu_power_w REAL;
ALTER TABLE telemetry ADD COLUMN gpu_utilization REAL; -- percent of the time, the mean of the GPUs
ALTER TABLE telemetry ADD COLUMN gpu_celsius REAL; -- the hottest
ALTER TABLE telemetry ADD COLUMN gpu_sm_mhz REAL; -- the slowest
ALTER TABLE telemetry ADD COLUMN gpu_slowdowns INTEGER; -- the driver's bits of reasons for slower clocks
ALTER TABLE plan ADD COLUMN objectives TEXT; -- JSON: metric -> the most that a good request may have; NULL where none was declared
ALTER TABLE plan ADD COLUMN probes TEXT; -- JSON: how rates were found; NULL where none was looked for
ALTER TABLE plan ADD COLUMN keep_streams INTEGER; -- 1 where the bytes of servers are kept
ALTER TABLE session ADD COLUMN calibration TEXT; -- JSON: what the client adds by itself; NULL where no server is asked

CREATE TABLE stream (
  request INTEGER PRIMARY KEY REFERENCES request,
  deltas_us TEXT NOT NULL, -- JSON arrays, one entry per socket read: times as those of events, and bytes
  lengths TEXT NOT NULL,
  bytes BLOB NOT NULL -- all in order, deflated (raw)
) STRICT;
`
