import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'
import { labWith } from './compared-plan.ts'
import { storePlan } from './stored-plan.ts'

test('a perplexity says of how many tokens it is', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'complete')
  await lab.run(['derive'])
  const database = new Database(lab.store)
  const scored = JSON.stringify({ perplexity: { value: 14.2642, n: 28085 } })
  database.prepare(`UPDATE measurement SET metrics = ? WHERE trial IS NOT NULL`).run(scored)
  database.close()
  expect((await lab.run(['show', 'latest'])).stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001)

    model  quantization  workload  trials  perplexity  tokens scored
    demo   f16           chat      2 ok        14.264         28,085
    demo   f16           quality   2 ok        14.264         28,085
    demo   f16           speed     2 ok        14.264         28,085
    demo   q4_0          chat      2 ok        14.264         28,085
    demo   q4_0          quality   2 ok        14.264         28,085
    demo   q4_0          speed     2 ok        14.264         28,085
    "
  `)
})

test('show ends with the sentence to decide by, where something was declared', async () => {
  using lab = labWith(
    { id: 'aaaa00000001' },
    { id: 'bbbb00000002', compare: null },
    { id: 'cccc00000003', measured: 4 },
  )
  const shown = async (id: string) => (await lab.run(['show', id])).stdout
  expect(await shown('aaaa')).toMatch(
    /\n\nq4_0 against f16: q4_0 is faster than f16 by 30\.0 % .*; single-session\.\n {2}benchbook compare aaaa00000001 shows each metric\n$/,
  )
  expect(await shown('bbbb')).not.toContain('against')
  expect(await shown('cccc')).toContain('q4_0 against f16: No verdict yet: 6 of 10 blocks are still to run.')
})
