import { expect, test, vi } from 'vitest'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

// Each loads the engine in a process of its own, which takes seconds where others compute.
vi.setConfig({ testTimeout: 60_000 })

type Findings = { findings: { topic: string; status: string; says: string }[] }
const topic = (said: string, name: string) =>
  (JSON.parse(said) as Findings).findings.find((finding) => finding.topic === name)

test('doctor looks at engine, machine, store and disks, and writes nothing', async () => {
  using lab = new CommandLine()
  const before = lab.files()
  const { exitCode, stdout } = await lab.run(['doctor', '--json'])
  expect(exitCode).toBe(0)
  expect(topic(stdout, 'llama.cpp, cpu')?.status).toBe('ok')
  expect(topic(stdout, 'quantizing')?.status).toBe('ok')
  expect(topic(stdout, 'processor')?.says).toMatch(/ cores? to use/)
  expect(topic(stdout, 'store')?.says).toBe('/lab/data/benchbook.db: none yet, the first run makes it')
  expect(topic(stdout, 'sleep')).toBeDefined()
  expect(topic(stdout, 'client of servers')?.says).toMatch(
    /^adds .* to TTFT .* events\/s in one process(; it runs before ordinary programs)?$/,
  )
  expect(topic(stdout, 'notebooks')?.says).toMatch(/JupyterLab/)
  expect(lab.files()).toEqual(before)
})

test('a store that is there', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  expect(topic((await lab.run(['doctor', '--json'])).stdout, 'store')?.says).toBe(
    '/lab/data/benchbook.db opens, 1 plan',
  )
})

test('a store that is none', async () => {
  using lab = new CommandLine({ 'other.db': 'This is no store, but a text that is long enough to be one.'.repeat(200) })
  const { exitCode, stdout } = await lab.run(['doctor', '--json', '--store', 'other.db'])
  expect(exitCode).toBe(0)
  expect(topic(stdout, 'store')).toMatchInlineSnapshot(`
    {
      "advice": "name another store with --store, or move this one away",
      "says": "/lab/other.db is not a store (it is no SQLite file): name another with --store",
      "status": "missing",
      "topic": "store",
    }
  `)
})

test('it always leads to what runs where', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout } = await lab.run(['doctor'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\nWhat runs where, .*: \/package\/experiments\/machines\.md\n$/)
})

test('another target than this machine', async () => {
  using lab = new CommandLine()
  expect(await lab.refused(['doctor', '--target', 'pi5'])).toMatchInlineSnapshot(`
    "2 benchbook: there is no target pi5: the only one so far is local, this machine
    "
  `)
})
