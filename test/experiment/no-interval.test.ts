import { expect, test } from 'vitest'
import { refused } from './fixture.ts'

const text = (metrics: string) =>
  `name: x\naxes: { model: [tiny], quantization: [f16, q4_0], workload: [score] }\ncompare:\n  treatment: [quantization]\n  metrics: { ${metrics} }\n`

test('a metric that has no interval is refused where it stands, with the one to declare in its place', async () => {
  expect(await refused(text('perplexity: 1%, kld_p99: 0.1, p_change_rms: 0.01'))).toMatchInlineSnapshot(`
    "x.yaml:5:39: compare.metrics.kld_p99: has no interval, so that no verdict can be given on it: declare kld in its place
        metrics: { perplexity: 1%, kld_p99: 0.1, p_change_rms: 0.01 }
    x.yaml:5:58: compare.metrics.p_change_rms: has no interval, so that no verdict can be given on it: declare top_token_share in its place
        …cs: { perplexity: 1%, kld_p99: 0.1, p_change_rms: 0.01 }"
  `)
})
