/** The files of a spool: a folder on the machine that has the engine, and all that runner and worker share. */
export const spoolFiles = {
  launch: 'launch.json',
  claim: 'claim',
  records: 'records.ndjson',
  log: 'worker.log',
  engineLog: 'engine.log',
  baseLog: 'base.log',
  heartbeat: 'heartbeat',
} as const
