import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { Lab, type Started } from './lab.ts'
import { expectSpoolsInStore, spools } from './spool-and-store.ts'

const kills = 10
const random = randomSequence(20)

const experiment = `
name: kills
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [decode, bench] }
load: { requests: 3 }
repeat: { blocks: 8 }
`

test('whenever the runner is killed, nothing is lost or doubled, and --resume completes the plan', async () => {
  using lab = new Lab({ 'kills.yaml': experiment })
  for (let kill = 0; kill < kills; kill += 1) {
    const run = kill === 0 ? lab.start('run', 'experiments/kills.yaml') : lab.start('run', '--resume')
    await expect.poll(run.stderr, { timeout: 60_000, interval: 5 }).toMatch(/^plan /)
    await delay(random() * 2000)
    run.child.kill('SIGKILL')
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' })
  }
  await expectComplete(lab, lab.start('run', '--resume'))
})

test('whenever a worker is killed, its launch goes on in a fresh one, and nothing is lost or doubled', async () => {
  using lab = new Lab({ 'kills.yaml': experiment })
  const run = lab.start('run', 'experiments/kills.yaml')
  const seen = new Set<string>()
  for (let kill = 0; kill < kills; kill += 1) {
    const pid = await newWorker(lab, seen)
    await delay(random() * 1200)
    process.kill(pid, 'SIGKILL')
    await newWorker(lab, seen) // the fresh one runs to its end, so that the plan makes progress
  }
  await expectComplete(lab, run)
  expect((await run.ended).stderr.match(/ended early.*fresh one/g)).toHaveLength(kills)
})

async function expectComplete(lab: Lab, run: Started): Promise<void> {
  expect(await run.ended).toMatchObject({ code: 0, signal: null })
  const { requests } = expectSpoolsInStore(lab.store)
  expect(requests).toBeGreaterThanOrEqual(16 * (4 + 7))
  const { stdout } = await lab.run('list', '--json')
  expect(JSON.parse(stdout).plans[0].trials).toMatchObject({
    ok: 32,
    failed: 0,
    pending: 0,
    running: 0,
    interrupted: 0,
  })
}

/** Waits for a worker that has not been seen, and gives its process number. */
async function newWorker(lab: Lab, seen: Set<string>): Promise<number> {
  const root = `${lab.store}.spool`
  let fresh: string | undefined
  await expect
    .poll(
      () => {
        if (!existsSync(root)) return undefined
        fresh = spools(root).find((spool) => !seen.has(spool) && existsSync(join(spool, 'claim')))
        return fresh
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBeDefined()
  seen.add(fresh as string)
  return (JSON.parse(readFileSync(join(fresh as string, 'claim'), 'utf8')) as { pid: number }).pid
}
