import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Accelerator } from '../domain/cell.ts'
import type { runCommand } from '../shell/run-command.ts'
import { type Finding, missing, ok } from './finding.ts'

export type EngineView = { run: typeof runCommand; platform: NodeJS.Platform; hasNvidia: boolean }
type Probe = { accelerator: string; build: string; devices: readonly string[] }

const probeMs = 60_000

/** Which builds of llama.cpp really load here, each in a process of its own. */
export async function engineFindings({ run, platform, hasNvidia }: EngineView): Promise<Finding[]> {
  const candidates: Accelerator[] = [
    'cpu',
    ...(platform === 'darwin' ? (['metal'] as const) : []),
    ...(hasNvidia ? (['cuda'] as const) : []),
  ]
  const findings: Finding[] = []
  for (const accelerator of candidates) findings.push(finding(accelerator, await probe(accelerator, run)))
  return findings
}

async function probe(accelerator: Accelerator, run: EngineView['run']): Promise<Probe | undefined> {
  const main = fileURLToPath(new URL(`../backend/probe-main${extname(import.meta.url)}`, import.meta.url))
  const { code, stdout } = await run([process.execPath, main, accelerator], { timeoutMs: probeMs })
  if (code !== 0) return undefined
  try {
    return JSON.parse(stdout.split('\n').findLast((line) => line.startsWith('{')) ?? '') as Probe
  } catch {
    return undefined
  }
}

function finding(accelerator: Accelerator, found: Probe | undefined): Finding {
  const topic = `llama.cpp, ${accelerator}`
  if (found?.accelerator === accelerator) {
    const on = found.devices.length === 0 ? '' : ` on ${found.devices.join(', ')}`
    return ok(topic, `${found.build} loads${on}`)
  }
  return accelerator === 'cpu'
    ? missing(
        topic,
        'does not load',
        'run npm ci again with this Node and on this platform; then look at npm ls node-llama-cpp',
      )
    : missing(
        topic,
        'no build that loads',
        `README.md says how to add the one for ${accelerator}; the driver must be there too`,
      )
}
