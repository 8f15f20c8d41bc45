import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { llamaProgram } from './llama-cpp.ts'
import { Lab } from './lab.ts'

const demo = fileURLToPath(new URL('../../data/models/demo', import.meta.url))
const text = `${demo}/held-out.txt`
const types = ['f16', 'q8_0', 'q4_0'] as const
type Type = (typeof types)[number]
const fileOf = (type: Type) => `${demo}/demo-${type}.gguf`

// Half of the text; what is compared is each of its tokens.
const chunks = 27

const experiment = `
name: divergence
axes: { model: [demo], quantization: [${types.join(', ')}], workload: [quality] }
models:
  demo: { artifacts: { ${types.map((type) => `${type}: { path: ${fileOf(type)} }`).join(', ')} } }
workloads: { quality: { kind: perplexity, text: { file: ${text} }, context: 512, chunks: ${chunks}, base: f16 } }
repeat: { blocks: 1, warmup: { requests: 0 } }
`

type Value = { value: number; error: number; low: number; high: number; n: number }
type Metrics = Record<
  'kld' | 'kld_median' | 'kld_p99' | 'kld_max' | 'top_token_share' | 'p_change_rms' | 'ppl_ratio' | 'perplexity',
  Value
>

// In CI a missing program is a failure, elsewhere a skip.
const program = llamaProgram('llama-perplexity')
describe.skipIf(program === undefined && process.env['CI'] === undefined)(
  'beside llama-perplexity --kl-divergence',
  () => {
    let lab: Lab
    let own: Record<Type, Metrics>

    beforeAll(async () => {
      lab = new Lab({ 'divergence.yaml': experiment })
      const { code, stderr } = await lab.run('run', '--allow-outside', 'experiments/divergence.yaml')
      expect(code, stderr).toBe(0)
      const sql = `SELECT json_extract(axes, '$.quantization') AS type, metrics FROM v_trial`
      const { rows } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as {
        rows: { type: Type; metrics: string }[]
      }
      own = Object.fromEntries(rows.map(({ type, metrics }) => [type, JSON.parse(metrics)])) as Record<Type, Metrics>
      printed(['-m', fileOf('f16'), '--kl-divergence-base', join(lab.root, 'base')])
    }, 900_000)
    afterAll(() => {
      rmSync(join(lab.root, 'base'), { force: true })
      lab[Symbol.dispose]()
    })

    for (const type of ['q8_0', 'q4_0'] as const)
      test(`${type}: the same divergence from F16 to 3 digits, mean, median, 99th percentile and largest, with its error`, () => {
        const real = printed(['-m', fileOf(type), '--kl-divergence-base', join(lab.root, 'base'), '--kl-divergence'])
        const [mean, error] = numbersIn(real, 'Mean    KLD')
        isPrinted(own[type].kld.value, mean)
        expect(own[type].kld.error).toBeCloseTo(error as number, 6)
        isPrinted(own[type].kld_median.value, numbersIn(real, 'Median  KLD')[0])
        // Its base is kept in 16 bits, which a single token shows.
        const [p99, most] = [numbersIn(real, '99.0%   KLD')[0] as number, numbersIn(real, 'Maximum KLD')[0] as number]
        expect(own[type].kld_p99.value / p99).toBeCloseTo(1, 1)
        expect(own[type].kld_max.value / most).toBeCloseTo(1, 2)
        const [share, shareError] = numbersIn(real, 'Same top p')
        expect(Math.abs(100 * own[type].top_token_share.value - (share as number))).toBeLessThan(0.05) // 3 of 6,885 tokens
        expect(100 * own[type].top_token_share.error).toBeCloseTo(shareError as number, 2)
        const [rms, rmsError] = numbersIn(real, 'RMS Δp')
        expect(100 * own[type].p_change_rms.value).toBeCloseTo(rms as number, 2)
        expect(100 * own[type].p_change_rms.error).toBeCloseTo(rmsError as number, 2)
      })

    test('the ratio of perplexities is that of two runs of llama-perplexity, with the error of their difference', () => {
      const [base, other] = (['f16', 'q4_0'] as const).map(
        (type) =>
          numbersIn(
            printed(['-m', fileOf(type), '--kl-divergence-base', join(lab.root, 'base'), '--kl-divergence']),
            'Mean PPL(Q)  ',
          )[0],
      )
      expect(own.q4_0.ppl_ratio.value).toBeCloseTo((other as number) / (base as number), 3)
      expect(own.q4_0.ppl_ratio.error).toBeLessThan(own.q4_0.perplexity.error / 100)
    })

    test('quantizations order as trained, each interval apart from the next, and the base is no distance from itself', () => {
      expect(own.f16.kld.value).toBe(0)
      expect(own.f16.top_token_share.value).toBe(1)
      expect(own.f16.ppl_ratio.value).toBeCloseTo(1, 8)
      expect(own.q8_0.kld.low).toBeGreaterThan(0)
      expect(own.q8_0.kld.high).toBeLessThan(own.q4_0.kld.low)
      expect(own.q8_0.top_token_share.low).toBeGreaterThan(own.q4_0.top_token_share.high)
      expect(own.f16.kld.n).toBe(chunks * 255)
    })
  },
)

/** Printed to six decimals: of 0.000401 these are three digits. */
const isPrinted = (value: number, said: number | undefined) =>
  expect(Math.abs(value - (said as number))).toBeLessThan(Math.max(1e-6, 0.0005 * value))

// Batch and context as our engine has them.
function printed(asked: readonly string[]): string {
  const given = ['-f', text, '-c', '512', '-b', '512', '-ub', '512', '-fa', 'on', '-t', '1', '--chunks', String(chunks)]
  const args = ['-c', 'exec "$@" 2>&1', 'sh', program as string, ...asked, ...given]
  return execFileSync('sh', args, { encoding: 'utf8' })
}

/** The numbers after a name and `:` or `=`. */
function numbersIn(output: string, name: string): number[] {
  const line = output.split('\n').findLast((each) => each.includes(name) && /[:=]/.test(each)) ?? ''
  return [...line.slice(line.search(/[:=]/)).matchAll(/-?\d+\.\d+/g)].map(([number]) => Number(number))
}
