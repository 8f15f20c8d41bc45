import { existsSync, writeFileSync } from 'node:fs'
import type { Engine } from '../../lib/domain/backend.ts'

/**
 * The engine, after this process wherever both want a core. Linux divides cores by session first (`sched(7)`, autogroups), and an
 * engine in a session of its own may keep a busy machine for seconds: what was to be stopped has then ended.
 */
export function yielding(engine: Engine): Engine {
  const group = `/proc/${engine.pid}/autogroup`
  if (existsSync(group)) writeFileSync(group, '19')
  return engine
}
