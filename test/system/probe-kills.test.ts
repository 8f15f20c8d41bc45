import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive, type ProcessId } from '../../lib/shell/process-id.ts'
import { Lab } from './lab.ts'

const experiment = `
name: auto
axes: { model: [mute] }
models: { mute: { artifacts: { none: { served: mute } } } }
backends: { emulated: { kind: emulator, firstTokenMs: 20, tokenMs: 5 } }
workload: { kind: completion, prompts: [Hello], sampling: { maxTokens: 8 } }
load: { kind: poisson, ratePerSecond: auto, requests: 20 }
objectives: { ttft_scheduled_ms: 10000 }
repeat: { blocks: 1 }
`

const probesOf = (lab: Lab) => {
  const folder = dirname(lab.store)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.probes.')) : []
  return names.map((name) => join(folder, name))
}

/** The worker that tries a rate, once it has measured something, and the processes below it. */
async function probing(lab: Lab): Promise<ProcessId[]> {
  let found: ProcessId[] = []
  const look = () => {
    const [records] = probesOf(lab).flatMap((path) =>
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('records.ndjson'))
        .map((name) => join(path, name)),
    )
    if (records === undefined || !readFileSync(records, 'utf8').includes('"kind":"request"')) return false
    const worker = JSON.parse(readFileSync(join(dirname(records), 'claim'), 'utf8')) as ProcessId
    found = [worker, ...below(worker.pid)]
    return true
  }
  await expect.poll(look, { timeout: 60_000, interval: 5 }).toBe(true)
  return found
}

function below(pid: number): ProcessId[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [{ pid: child }, ...below(child)])
}

test('a runner that is killed while it looks for a rate leaves no process and no file', async () => {
  using lab = new Lab({ 'auto.yaml': experiment })
  const run = lab.start('run', 'experiments/auto.yaml')
  const processes = await probing(lab)
  expect(processes.length).toBeGreaterThanOrEqual(3) // worker, driver, emulated server
  run.child.kill('SIGKILL')
  await run.ended
  await expect.poll(() => processes.filter(isAlive), { timeout: 15_000 }).toEqual([])
  await expect.poll(() => probesOf(lab), { timeout: 15_000 }).toEqual([])
})

test('where its worker was killed too, the next run removes what is left, and says so', async () => {
  using lab = new Lab({ 'auto.yaml': experiment })
  const run = lab.start('run', 'experiments/auto.yaml')
  const [worker] = await probing(lab)
  run.child.kill('SIGKILL')
  process.kill((worker as ProcessId).pid, 'SIGKILL')
  await run.ended
  expect(probesOf(lab).length).toBe(1)
  const { code, stderr } = await lab.run('run', '--resume')
  expect(stderr).toMatch(/^removed data\/benchbook\.db\.probes\.\d+-\d+, which process \d+ left when it was killed/m)
  expect(code).toBe(2) // nothing was begun
  expect(probesOf(lab)).toEqual([])
})
