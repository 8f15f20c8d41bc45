import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Lab } from './lab.ts'

const text = `name: clock
axes: { model: [random-5m], quantization: [q4_0], workload: [decode] }
load: { duration: 6s }
repeat: { blocks: 2 }
`

/** In every process that is started from now on the wall clock is an hour behind as soon as the file is there. */
function clockSetBackBy(lab: Lab): () => void {
  const [mark, preload] = [join(lab.root, 'set-back'), join(lab.root, 'clock.mjs')]
  writeFileSync(
    preload,
    `import { existsSync } from 'node:fs'
const now = Date.now
Date.now = () => now() - (existsSync(${JSON.stringify(mark)}) ? 3_600_000 : 0)
`,
  )
  process.env['NODE_OPTIONS'] = `--import=${preload}`
  return () => writeFileSync(mark, '')
}
afterEach(() => delete process.env['NODE_OPTIONS'])

test('a clock that is set back while a run goes on does not end it, hide it or put it before older ones', async () => {
  using lab = new Lab({ 'clock.yaml': text })
  const setBack = clockSetBackBy(lab)
  const run = lab.start('run', 'experiments/clock.yaml')
  const trial = async () =>
    (await lab.run('query', '--format', 'json', "SELECT 1 FROM trial WHERE status = 'running'")).stdout
  await expect.poll(trial, { timeout: 60_000 }).toContain('"rows": [\n')
  setBack()
  const { plans } = JSON.parse((await lab.run('status', '--json')).stdout)
  expect(plans).toMatchObject([{ state: 'running' }])

  const { code, stderr } = await run.ended
  expect(code, stderr).toBe(0)
  const [plan] = JSON.parse((await lab.run('list', '--json')).stdout).plans
  expect(plan.trials).toMatchObject({ ok: 2, failed: 0, running: 0, pending: 0 })
  // The trial in which it happened says so; the other is sound.
  const gaps = await lab.run(
    'query',
    '--format',
    'json',
    "SELECT count(*) AS n FROM v_trial WHERE invalid LIKE '%clock-gap%'",
  )
  expect(JSON.parse(gaps.stdout).rows).toEqual([{ n: 1 }])

  const later = await lab.run('run', 'experiments/clock.yaml', '--set', 'load.requests=2', '--blocks', '1')
  expect(later.code, later.stderr).toBe(0)
  const shown = JSON.parse((await lab.run('show', 'latest', '--json')).stdout)
  expect(shown.plan.id).not.toBe(plan.id)
})
