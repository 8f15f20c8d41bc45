import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureIn, planOf, twoArms } from '../exchange/measured-plan.ts'
import { CommandLine } from './command-line.ts'

const file = 'experiments/two-arms.yaml'
let bundles: { all: Buffer; digests: Buffer }
let there: CommandLine

/** A lab with a plan of the experiment that is measured with these speeds. */
async function labWith(tokenMs: Record<string, number>, seed: number): Promise<{ lab: CommandLine; planId: string }> {
  const lab = new CommandLine({ [file]: twoArms })
  const plan = await planOf(file, lab.root, seed)
  measureIn(lab.store, plan, { tokenMs, seed })
  return { lab, planId: plan.id }
}

beforeAll(async () => {
  const made = await labWith({ f16: 20, q4_0: 15 }, 1)
  there = made.lab
  await there.run(['export', 'latest', '-o', 'all.bundle'])
  await there.run(['export', 'latest', '-o', 'digests.bundle', '--no-text'])
  bundles = { all: readFileSync(there.at('all.bundle')), digests: readFileSync(there.at('digests.bundle')) }
})
afterAll(() => there[Symbol.dispose]())

test('the same ratio on a machine of half the speed is reproduced', async () => {
  const { lab } = await labWith({ f16: 40, q4_0: 30 }, 2)
  using _ = lab
  lab.write('x.bundle', bundles.all)
  expect(await lab.run(['reproduce', 'x.bundle', '--from', 'latest'])).toMatchInlineSnapshot(`
    {
      "exitCode": 0,
      "stderr": "",
      "stdout": "Reproduced: what the bundle says of its arms was found again here.

           plan          blocks  sha256
    there  99436c01a6f9  8       79b8b0ce9a6b
    here   0d32270b9d35  8

    q4_0 against f16
    metric      there                   here
    decode_tps  +32.9 % (32.1 to 33.8)  +33.6 % (32.6 to 34.6)  reproduced
    ttft_ms     0 % (0 to 0)            0 % (0 to 0)            nothing claimed
      decode_tps: same direction, overlapping intervals
      ttft_ms: the bundle itself leaves it open

    The arms' own values: of two machines, so that nothing is said of them
    metric           arm    there    here
    decode tokens/s  f16   50.145  24.989
    decode tokens/s  q4_0  66.666  33.383
    TTFT ms          f16   100.00  100.00
    TTFT ms          q4_0  100.00  100.00

    The two setups are the same, as far as either tells.
    ",
    }
  `)
})

test('where one arm is slower by a fifth it is not, and the exit code says so', async () => {
  const { lab } = await labWith({ f16: 20, q4_0: 18 }, 3)
  using _ = lab
  lab.write('x.bundle', bundles.all)
  const { exitCode, stdout } = await lab.run(['reproduce', 'x.bundle', '--from', 'latest'])
  expect(exitCode).toBe(10)
  expect(stdout).toContain('Not reproduced: this machine says otherwise')
  expect(stdout).toContain('decode_tps: the two intervals have nothing in common')
})

test('a bundle without its texts is held against a plan like any other', async () => {
  const { lab } = await labWith({ f16: 20, q4_0: 15 }, 4)
  using _ = lab
  lab.write('x.bundle', bundles.digests)
  const { exitCode, stdout } = await lab.run(['reproduce', 'x.bundle', '--from', 'latest', '--json'])
  expect(exitCode).toBe(0)
  const { outcome, pairs, bundle } = JSON.parse(stdout)
  expect(outcome).toBe('reproduced')
  expect(bundle.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(pairs[0].metrics.map(({ metric }: { metric: string }) => metric)).toContain('decode_tps')
})

test('what came of it goes to a file where one is named', async () => {
  const { lab } = await labWith({ f16: 20, q4_0: 15 }, 5)
  using _ = lab
  lab.write('x.bundle', bundles.all)
  const said = await lab.run(['reproduce', 'x.bundle', '--from', 'latest', '-o', 'said.txt'])
  expect(said).toMatchObject({ exitCode: 0, stdout: 'said.txt\n' })
  expect(readFileSync(lab.at('said.txt'), 'utf8')).toMatch(/^Reproduced: /)
})

/** Of the cells that a plan lists. */
const ids = (text: string) => new Set([...text.matchAll(/ ([0-9a-f]{12})$/gm)].map(([, id]) => id))

test('a lab that has nothing of it plans the same cells', async () => {
  using lab = new CommandLine()
  lab.write('x.bundle', bundles.all)
  const { exitCode, stdout } = await lab.run(['reproduce', 'x.bundle', '--dry-run', '--blocks', '3'])
  expect(exitCode).toBe(0)
  const planned = await there.run(['plan', file])
  expect(ids(stdout)).toEqual(ids(planned.stdout))
  expect(ids(stdout).size).toBe(2)
  expect(stdout).toContain('2 cells, 3 blocks: 6 trials in 6 launches')
  const one = await lab.run(['reproduce', 'x.bundle', '--dry-run', '--only', 'quantization=f16'])
  expect(ids(one.stdout).size).toBe(1)
})

test('prompts that were left out and that nobody here knows are asked for', async () => {
  using lab = new CommandLine()
  lab.write('x.bundle', bundles.digests)
  expect(await lab.refused(['reproduce', 'x.bundle', '--dry-run'])).toMatchInlineSnapshot(`
    "2 benchbook: 2 of 2 cells of x.bundle cannot be made again here: their prompts are left out (--no-text), and no plan of this lab's store has them. Run an experiment here that asks the same prompts, and compare with that: benchbook reproduce x.bundle --from ID; or ask for a bundle that has them
    "
  `)
})

test('prompts that a plan of this lab asks need not be in the bundle', async () => {
  const { lab } = await labWith({ f16: 20, q4_0: 15 }, 6)
  using _ = lab
  lab.write('x.bundle', bundles.digests)
  expect(await lab.run(['reproduce', 'x.bundle', '--dry-run'])).toMatchObject({ exitCode: 0 })
})

test('a bundle that says nothing of its arms is told before anything runs', async () => {
  using theirs = new CommandLine({ [file]: twoArms.replace('blocks: 8', 'blocks: 2') })
  measureIn(theirs.store, await planOf(file, theirs.root), { tokenMs: { f16: 20, q4_0: 15 } })
  await theirs.run(['export', 'latest', '-o', 'x.bundle'])
  const { stderr } = await theirs.run(['reproduce', 'x.bundle', '--dry-run'])
  expect(stderr).toBe('x.bundle itself says nothing of its arms that could be found again, whatever is measured here\n')
  theirs.write('x.bundle', bundles.all)
  expect((await theirs.run(['reproduce', 'x.bundle', '--dry-run'])).stderr).toBe('')
})

test('arguments that do not go together are refused', async () => {
  using lab = new CommandLine()
  lab.write('x.bundle', bundles.all)
  expect(await lab.refused(['reproduce', 'x.bundle', '--from', 'latest', '--blocks', '3'])).toMatchInlineSnapshot(`
    "2 benchbook: --from takes a plan that was measured already: leave out --blocks, or --from
    "
  `)
  expect(await lab.refused(['reproduce', 'x.bundle', '--from', 'latest'])).toMatchInlineSnapshot(`
    "2 benchbook: no store at /lab/data/benchbook.db: run an experiment first, or name another with --store
    "
  `)
  expect(await lab.refused(['reproduce', 'y.bundle'])).toMatchInlineSnapshot(`
    "2 benchbook: y.bundle: is not there
    "
  `)
  expect(await lab.refused(['reproduce', 'x.bundle', '--only', 'quantization=q8_0'])).toMatchInlineSnapshot(`
    "2 benchbook: --only "quantization=q8_0": no cell has such a value, did you mean "q4_0"?
    "
  `)
})
