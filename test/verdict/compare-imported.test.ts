import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ImportedLog } from '../../lib/domain/imported-log.ts'
import { perplexityLog } from '../../lib/exchange/perplexity-log.ts'
import { chunkMeans } from '../../lib/measure/chunk-means.ts'
import { mean } from '../../lib/stats/mean.ts'
import { compareImported, metricsOfImports } from '../../lib/verdict/compare-imported.ts'

function imported(name: string, more: Partial<ImportedLog> = {}): ImportedLog {
  const log = perplexityLog(readFileSync(`test/exchange/llama-perplexity/${name}`, 'utf8'))
  return { ...log, id: name, digest: name, file: name, importedAtMs: 0, ...more }
}

test('the value of each chunk comes back from the means up to it', () => {
  const values = [3.1, 2.9, 3.3, 2.7]
  const cumulative = values.map((_, at) => mean(values.slice(0, at + 1)))
  for (const [at, value] of chunkMeans(cumulative).entries()) expect(value).toBeCloseTo(values[at] as number, 12)
})

test('perplexity chunk by chunk: the change is the ratio of the final values, and its interval far narrower than their errors', () => {
  const { metrics, rounding, together } = compareImported(imported('f16.log'), imported('q4_0.log'))
  const [only, ...more] = metrics
  expect(more).toEqual([])
  expect(only).toMatchObject({ metric: 'perplexity', declared: false, margin: 0.01, worse: 'open' })
  expect(only?.verdict).toEqual({ row: 'different' })
  expect(only?.estimate?.change).toBeCloseTo(20.988 / 20.5536, 8)
  expect(only?.estimate).toMatchObject({ of: 'chunks', n: 10, interval: { confidence: 0.95 } })
  expect(only?.estimate?.interval.low).toBeGreaterThan(1.005)
  expect(only?.estimate?.interval.high).toBeLessThan(1.04)
  expect(together).toBeGreaterThan(0.99)
  expect(rounding).toBeGreaterThan(0)
  expect(rounding).toBeLessThan(0.0002)
})

test('beyond its margin where the margin is smaller; and the other way round it is better', () => {
  const margins = { perplexity: 0.001 }
  const worse = compareImported(imported('f16.log'), imported('q4_0.log'), { margins }).metrics[0]
  expect([worse?.verdict.row, worse?.worse]).toEqual(['beyond-margin', 'yes'])
  const better = compareImported(imported('q4_0.log'), imported('f16.log'), { margins }).metrics[0]
  expect([better?.verdict.row, better?.worse]).toEqual(['beyond-margin', 'no'])
})

test('run once each: what lies within the margin is not called equivalent', () => {
  const margins = { perplexity: 0.02 }
  const [only] = compareImported(imported('kld-f16.log'), imported('kld-q8_0.log'), {
    metrics: ['perplexity'],
    margins,
  }).metrics
  expect(only).toMatchObject({ verdict: { row: 'unresolved' }, worse: 'no', repeats: { launches: 1 } })
})

test('against one base KL divergence and top token are compared too, at the level of three together', () => {
  const [q8, q4] = [imported('kld-q8_0.log'), imported('kld-q4_0.log')]
  expect(metricsOfImports(q8, q4)).toEqual(['perplexity', 'kld', 'top_token_share'])
  const [, kld, top] = compareImported(q8, q4).metrics
  expect(kld?.estimate?.change).toBeCloseTo(0.02377 - 0.0004, 8)
  expect(kld?.estimate?.interval.confidence).toBeCloseTo(1 - 0.05 / 3, 12)
  expect([kld?.verdict.row, top?.verdict.row]).toEqual(['beyond-margin', 'beyond-margin'])
  expect(top?.estimate?.change).toBeCloseTo(0.90275 - 0.98706, 8)
  expect(metricsOfImports(q8, imported('q4_0.log'))).toEqual(['perplexity'])
})

const fields = (a: ImportedLog, b: ImportedLog) =>
  compareImported(a, b).metrics.map(({ verdict, estimate }) => {
    if (verdict.row !== 'not-comparable') return verdict.row
    expect(estimate).toBeUndefined()
    return verdict.differences.map(({ field, base, against }) => `${field}: ${base}, ${against}`)
  })

test('other chunks, another context and another text are named; another base only of what rests on it', () => {
  const f16 = imported('f16.log')
  expect(fields(f16, imported('short-context.log'))).toEqual([
    ['imported.context: 512, 256', 'imported.chunks: 10, 21'],
  ])
  const { context: _, ...unknown } = imported('q4_0.log')
  expect(fields(unknown, unknown)).toEqual([['imported.context: not in the log, not in the log']])
  expect(fields({ ...f16, textDigest: 'aa' }, imported('q4_0.log', { textDigest: 'bb' }))).toEqual([
    ['workload.text: aa, bb'],
  ])
  expect(fields(f16, imported('other-text.log'))[0]?.[0]).toMatch(
    /^workload.text: chunks that do not rise and fall together/,
  )
  const base = { ...imported('kld-q4_0.log').statistics, perplexity_base: { value: '19.5' } }
  const [perplexity, kld] = fields(imported('kld-q8_0.log'), imported('kld-q4_0.log', { statistics: base }))
  expect(perplexity).toBe('different')
  expect(kld).toEqual(['imported.base: perplexity 20.553527, perplexity 19.5'])
})

test('the same logs give the same verdict', () => {
  const [first, second] = [1, 2].map(() => compareImported(imported('kld-q8_0.log'), imported('kld-q4_0.log')))
  expect(first).toEqual(second)
})
