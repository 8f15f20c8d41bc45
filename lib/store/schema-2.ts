/**
 * Store version 2: what a run needs that is interrupted, retried and watched. A trial in whose place another was measured
 * says so; a plan keeps what it compares and what guards it; a session tells who runs it, and that they still do.
 */
export const version2 = `
ALTER TABLE trial ADD COLUMN unused TEXT CHECK (unused IN ('retried', 'interrupted', 'block-repeated'));
UPDATE trial SET unused = 'interrupted'
WHERE status = 'interrupted' AND EXISTS (SELECT 1 FROM launch n WHERE n.continues = trial.launch);

ALTER TABLE plan ADD COLUMN compare TEXT; -- JSON; NULL where no comparison was declared
ALTER TABLE plan ADD COLUMN guards TEXT; -- JSON; NULL where none was known
UPDATE cell SET limits = json_set(limits, '$.retries', 0);

ALTER TABLE session ADD COLUMN host TEXT; -- the machine of the runner
ALTER TABLE session ADD COLUMN pid INTEGER; -- its process
ALTER TABLE session ADD COLUMN pid_start TEXT; -- when that was started, in ticks since boot
ALTER TABLE session ADD COLUMN heartbeat_ms INTEGER; -- when it last said that it is there
`
