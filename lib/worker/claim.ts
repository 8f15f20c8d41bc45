import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spoolFiles } from '../domain/spool-files.ts'
import { ownProcessId } from '../shell/process-id.ts'

/** Takes the spool for this process; `false` where another worker was first. */
export function claimSpool(spool: string, attempt: number): boolean {
  const draft = join(spool, `.claim-${process.pid}`)
  writeFileSync(draft, JSON.stringify({ attempt, ...ownProcessId() }))
  try {
    linkSync(draft, join(spool, spoolFiles.claim)) // whole or not at all, and only one wins
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
}
