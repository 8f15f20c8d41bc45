import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { MetricValue } from '../../lib/domain/metric.ts'
import type { Invalidity } from '../../lib/domain/record.ts'
import { Lab, type Started } from './lab.ts'
import { measuringDriver } from './running-launch.ts'

const experiment = (backend: string, load: string) => `name: honest
axes: { model: [mute] }
models: { mute: { artifacts: { none: { served: mute } } } }
backends: { emulated: { kind: emulator, firstTokenMs: 20, tokenMs: 10, ${backend} } }
workload: { kind: completion, prompts: [One two three four five six seven eight nine ten], sampling: { maxTokens: 8 } }
load: { ${load} }
repeat: { blocks: 1, warmup: { requests: 1 } }
limits: { retries: 0 }
`
const steady = 'kind: constant, ratePerSecond: 40, clients: 64, duration: 4s'

type Row = { invalid: string | null; metrics: string; calibration: string }

/** Why the only trial of a lab is invalid, and what was derived of it. */
async function judged(lab: Lab, started: Started) {
  const { code, stderr } = await started.ended
  const calibrated: unknown = expect.stringMatching(
    /^client: adds .* events\/s in one process(?:; it runs before ordinary programs)?$/m,
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: calibrated })
  const sql = `SELECT t.invalid, m.metrics, s.calibration FROM trial t JOIN measurement m ON m.trial = t.id
    JOIN launch l ON l.id = t.launch JOIN session s ON s.plan = l.plan`
  const { rows } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: [Row] }
  const [{ invalid, metrics, calibration }] = rows
  expect(JSON.parse(calibration)).toHaveProperty('ttftMs.p99')
  const reasons = (JSON.parse(invalid ?? '[]') as Invalidity[]).map(({ reason }) => reason)
  return { reasons, metrics: JSON.parse(metrics) as Record<'ttft_ms' | 'ttft_scheduled_ms', MetricValue> }
}

const others: ChildProcess[] = []
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL')
})

const start = (lab: Lab) => lab.start('run', 'experiments/honest.yaml')

test('a client whose CPU another process takes says so', async () => {
  using lab = new Lab({ 'honest.yaml': experiment('', steady) })
  const started = start(lab)
  const driver = await measuringDriver(lab)
  const spin = ['-c', '0', process.execPath, '-e', 'for (;;);']
  for (let i = 0; i < 4; i++) others.push(spawn('taskset', spin, { stdio: 'ignore' }))
  execFileSync('taskset', ['-acp', '0', String(driver)], { stdio: 'ignore' })
  // Where it may run before others these would not be in its way: as what every user's client is, it shares the core.
  execFileSync('chrt', ['--all-tasks', '--other', '--pid', '0', String(driver)], { stdio: 'ignore' })
  const { reasons } = await judged(lab, started)
  expect(reasons.some((reason) => reason === 'client-busy' || reason === 'client-late')).toBe(true)
})

test('a queue that a late client hides is in the times from the schedule, and the client is named', async () => {
  using lab = new Lab({ 'honest.yaml': experiment('', steady) })
  const started = start(lab)
  const driver = await measuringDriver(lab)
  const ended = started.ended.then(() => true)
  // It sleeps three quarters of its time: what was due leaves in a bunch when it wakes, and is answered at once.
  while (!(await Promise.race([ended, delay(100, false)]))) {
    if (!signalled(driver, 'SIGSTOP')) break
    await delay(300)
    signalled(driver, 'SIGCONT')
  }
  const { reasons, metrics } = await judged(lab, started)
  expect(reasons).toEqual(expect.arrayContaining(['client-late', 'client-busy']))
  expect(metrics.ttft_scheduled_ms.median).toBeGreaterThan(2 * (metrics.ttft_ms.median as number))
})

function signalled(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false // it has ended
  }
}

describe('a server', () => {
  const few = 'kind: closed, clients: 2, requests: 20'

  test('that lies about its tokens is found out by a tokenizer', async () => {
    using lab = new Lab({ 'honest.yaml': experiment('usage: wrong, tokenizer: words', few) })
    expect((await judged(lab, start(lab))).reasons).toContain('token-count')
  })

  test('that answers from its cache although prompts are salted is found out', async () => {
    using lab = new Lab({ 'honest.yaml': experiment('cached: 0.5', few) })
    expect((await judged(lab, start(lab))).reasons).toContain('cached-prompts')
  })

  test('that does neither is not accused, and nothing is lost on the way', async () => {
    using lab = new Lab({ 'honest.yaml': experiment('tokenizer: words', few) })
    const { reasons } = await judged(lab, start(lab))
    for (const reason of ['token-count', 'cached-prompts', 'littles-law'] as const)
      expect(reasons).not.toContain(reason)
  })
})
