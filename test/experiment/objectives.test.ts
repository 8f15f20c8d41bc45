import { expect, test } from 'vitest'
import { refused } from './fixture.ts'

test('an objective that is no metric of requests is told, with those that are', async () => {
  const text = 'name: x\naxes: { model: [sole], workload: [write] }\nobjectives: { ttft_ms: 5, joy: 1 }\n'
  expect(await refused(text)).toMatchInlineSnapshot(`
    "x.yaml:3:27: objectives: unknown key "joy"; known here: ttft_ms, ttft_scheduled_ms, ttfot_ms, icl_ms, tpot_ms, e2e_ms, e2e_scheduled_ms
        objectives: { ttft_ms: 5, joy: 1 }"
  `)
})
