import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'
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
