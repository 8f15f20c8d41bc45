import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest } from '../domain/manifest.ts'
import { measurementVersion } from '../domain/metric.ts'
import { runCommand } from '../shell/run-command.ts'

/** Which benchbook measures: its version, and where it runs from a checkout, the commit and whether that was changed. */
export async function toolFacts(): Promise<Manifest['tool']> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const facts = { version, measurement: measurementVersion }
  if (!existsSync(join(root, '.git'))) return facts
  const [commit, changes] = await Promise.all([
    runCommand(['git', '-C', root, 'rev-parse', 'HEAD']),
    runCommand(['git', '-C', root, 'status', '--porcelain', '--untracked-files=no']),
  ])
  if (commit.code !== 0 || changes.code !== 0) return facts
  return { ...facts, commit: commit.stdout.trim(), dirty: changes.stdout !== '' }
}
