/**
 * Store version 4: what others published, apart from all that was measured here (a post that changes is kept anew, and the one
 * before stays); how a model stands to its base, token by token; launches beside those of the arms, and the noise
 * floor that these measure; logs of other programs.
 */
export const version4 = `
CREATE TABLE published_post (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE, -- of all that is said of it
  about TEXT NOT NULL -- JSON: title, source, the tables' columns, claims, slips, notes
) STRICT;

CREATE TABLE published_value (
  post INTEGER NOT NULL REFERENCES published_post,
  table_name TEXT NOT NULL,
  ordinal INTEGER NOT NULL, -- of the row in its table
  column_name TEXT NOT NULL,
  printed TEXT NOT NULL, -- as the post has it
  value REAL, -- NULL where it is no number
  line INTEGER, -- of the post's text
  PRIMARY KEY (post, table_name, ordinal, column_name)
) STRICT;

CREATE TABLE claim (
  post INTEGER NOT NULL REFERENCES published_post,
  ordinal INTEGER NOT NULL,
  of TEXT NOT NULL, -- a claim's id, or table/row/column of a derived cell
  kind TEXT NOT NULL,
  formula TEXT,
  printed TEXT,
  lines TEXT NOT NULL, -- JSON
  outcome TEXT NOT NULL, -- JSON, with status
  PRIMARY KEY (post, ordinal)
) STRICT;

ALTER TABLE request ADD COLUMN base_nll TEXT; -- JSON array: nats of each scored token by the base, beside nll
ALTER TABLE request ADD COLUMN base_kld TEXT; -- JSON array: KL divergence from the base at each scored token, nats
ALTER TABLE request ADD COLUMN base_same_top TEXT; -- JSON array: 1 where both hold the same token for the likeliest
ALTER TABLE request ADD COLUMN base_is_bound INTEGER; -- 1 where base_kld holds lower bounds
ALTER TABLE launch ADD COLUMN role TEXT CHECK (role IN ('twin', 'sentinel')); -- NULL: an arm's own, of which its values are made

ALTER TABLE cell ADD COLUMN base TEXT; -- JSON: source and identity of the artifact that its probabilities are held against

-- Derived, and can be derived again: what a target cannot tell apart, by the A/A launches of a plan.
CREATE TABLE noise_floor (
  plan TEXT NOT NULL REFERENCES plan,
  host TEXT NOT NULL, -- JSON: what makes machines alike
  device TEXT NOT NULL,
  engine TEXT NOT NULL, -- the kind of backend; of a server that was attached to, its address too
  metric TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  floor REAL NOT NULL, -- of a ratio 0.03 is 3 %, of a difference it is in the metric's unit
  measured_at_ms INTEGER NOT NULL,
  PRIMARY KEY (plan, host, device, engine, metric)
) STRICT;

-- Logs of llama-perplexity: what another program measured, apart from all that was measured here.
CREATE TABLE imported_log (
  digest TEXT PRIMARY KEY, -- SHA-256 of the file
  file TEXT NOT NULL, -- its name, without its folder
  imported_at_ms INTEGER NOT NULL,
  model TEXT, -- as the user named it, else as the log does
  quantization TEXT, -- the same
  text_digest TEXT, -- SHA-256 of the scored text, where the user named its file
  log TEXT NOT NULL -- JSON: all that it says, as printed
) STRICT;

-- A cell is looked up in all plans: what other sessions measured of it.
CREATE INDEX cell_cell_id ON cell (cell_id);
`
