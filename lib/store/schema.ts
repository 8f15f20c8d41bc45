/**
 * The tables of store version 1. JSON columns hold text, so that `json_each` of any SQL tool reads them; what is absent is
 * NULL; a column that refers to a row of another table has that table's name.
 */
export const tables = `
CREATE TABLE experiment (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  question TEXT,
  file TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX experiment_digest ON experiment (digest);

CREATE TABLE plan (
  id TEXT PRIMARY KEY,
  experiment INTEGER NOT NULL REFERENCES experiment,
  created_at_ms INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  command TEXT NOT NULL,
  skipped TEXT NOT NULL -- JSON: the cells that will not run, with why
) STRICT;

CREATE TABLE artifact (
  digest TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  bytes INTEGER,
  description TEXT -- JSON
) STRICT;

CREATE TABLE prompt (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE cell (
  id INTEGER PRIMARY KEY, -- ascending in the order of the plan
  plan TEXT NOT NULL REFERENCES plan,
  cell_id TEXT NOT NULL,
  axes TEXT NOT NULL, -- JSON
  arm TEXT NOT NULL,
  stratum TEXT NOT NULL,
  config TEXT NOT NULL, -- JSON, with prompt.id in place of a prompt's text
  limits TEXT NOT NULL, -- JSON
  artifact TEXT NOT NULL REFERENCES artifact,
  artifact_identity TEXT NOT NULL, -- JSON: what was known of the artifact before anything ran
  UNIQUE (plan, cell_id)
) STRICT;

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  resumes INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ended', 'interrupted'))
) STRICT;
CREATE INDEX session_plan ON session (plan);

CREATE TABLE manifest (
  digest TEXT PRIMARY KEY,
  setup TEXT NOT NULL, -- its digest without the conditions
  manifest TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE launch (
  id INTEGER PRIMARY KEY,
  plan TEXT NOT NULL REFERENCES plan,
  ordinal INTEGER NOT NULL, -- a launch that continues another has that one's
  block INTEGER NOT NULL,
  arm TEXT NOT NULL,
  stratum TEXT NOT NULL,
  device TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  continues INTEGER UNIQUE REFERENCES launch,
  session INTEGER REFERENCES session, -- the one that started it
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'ok', 'failed', 'interrupted')),
  outcome TEXT, -- JSON
  load_ms REAL,
  manifest TEXT REFERENCES manifest,
  claimed_at_ms INTEGER,
  ended_at_ms INTEGER,
  spool TEXT,
  spool_offset INTEGER NOT NULL DEFAULT 0, -- bytes of the spool that are in here
  spool_records INTEGER NOT NULL DEFAULT 0 -- and records
) STRICT;
CREATE INDEX launch_order ON launch (plan, status, ordinal, attempt);

CREATE TABLE trial (
  id INTEGER PRIMARY KEY, -- ascending in the order of the launch
  launch INTEGER NOT NULL REFERENCES launch,
  cell INTEGER NOT NULL REFERENCES cell,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'ok', 'failed', 'interrupted')),
  reason TEXT,
  detail TEXT,
  invalid TEXT, -- JSON; NULL where nothing speaks against it
  started_us INTEGER, -- from the launch's origin
  ended_us INTEGER
) STRICT;
CREATE INDEX trial_launch ON trial (launch);
CREATE INDEX trial_cell ON trial (cell);

CREATE TABLE request (
  id INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trial,
  record INTEGER NOT NULL, -- its number in the spool
  ordinal INTEGER NOT NULL, -- 0-based within its phase
  phase TEXT NOT NULL CHECK (phase IN ('warmup', 'measured')),
  part TEXT NOT NULL CHECK (part IN ('completion', 'prefill', 'decode', 'window')),
  prompt_id TEXT NOT NULL,
  client INTEGER NOT NULL,
  scheduled_us INTEGER NOT NULL, -- from the launch's origin
  sent_us INTEGER NOT NULL,
  done_us INTEGER NOT NULL, -- from sent
  status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),
  finish TEXT,
  reason TEXT,
  detail TEXT,
  prompt_tokens INTEGER,
  cached_tokens INTEGER,
  output_tokens INTEGER,
  tokens_from TEXT,
  event_deltas_us TEXT, -- JSON arrays, one entry per content event; what does not vary is NULL
  event_tokens TEXT,
  event_characters TEXT,
  event_channels TEXT,
  event_reads TEXT,
  engine_prompt_tokens INTEGER,
  engine_prompt_ms REAL,
  engine_decode_tokens INTEGER,
  engine_decode_ms REAL,
  nll TEXT, -- JSON array: nats of each scored token
  output TEXT,
  UNIQUE (trial, record)
) STRICT;

CREATE TABLE telemetry (
  trial INTEGER NOT NULL REFERENCES trial,
  at_us INTEGER NOT NULL, -- from the launch's origin
  rss_bytes INTEGER,
  pss_bytes INTEGER,
  vram_bytes INTEGER,
  other_cores REAL
) STRICT;
CREATE INDEX telemetry_trial ON telemetry (trial);

-- Derived, and can be derived again: one row per trial and one per request.
CREATE TABLE measurement (
  trial INTEGER REFERENCES trial,
  request INTEGER REFERENCES request,
  version INTEGER NOT NULL, -- of the definitions
  metrics TEXT NOT NULL, -- JSON: of a request metric -> number, of a trial metric -> { value, n, median, ... }
  CHECK ((trial IS NULL) <> (request IS NULL))
) STRICT;
CREATE UNIQUE INDEX measurement_trial ON measurement (trial) WHERE trial IS NOT NULL;
CREATE UNIQUE INDEX measurement_request ON measurement (request) WHERE request IS NOT NULL;
`
