import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { llamaProgram } from './llama-cpp.ts'
import { Lab } from './lab.ts'

const demo = fileURLToPath(new URL('../../data/models/demo', import.meta.url))
const text = `${demo}/held-out.txt`
const types = ['f16', 'q8_0', 'q4_0'] as const
type Type = (typeof types)[number]
const fileOf = (type: Type) => `${demo}/demo-${type}.gguf`

const experiment = `
name: perplexity
axes: { model: [demo], quantization: [${types.join(', ')}], workload: [quality] }
models:
  demo: { artifacts: { ${types.map((type) => `${type}: { path: ${fileOf(type)} }`).join(', ')} } }
workloads: { quality: { kind: perplexity, text: { file: ${text} }, context: 512 } }
repeat: { blocks: 1, warmup: { requests: 0 } }
`

/** What llama-perplexity prints: the perplexity up to each window, of all, and its standard error. */
type Printed = { upTo: number[]; value: number; error: number }
type Row = { type: Type; value: number; error: number; n: number; trial: number }

// In CI a missing program is a failure, elsewhere a skip.
const program = llamaProgram('llama-perplexity')
describe.skipIf(program === undefined && process.env['CI'] === undefined)('beside the real llama-perplexity', () => {
  let lab: Lab
  let rows: Row[]
  let nll: { type: Type; nll: number[] }[]

  beforeAll(async () => {
    lab = new Lab({ 'perplexity.yaml': experiment })
    const { code, stderr } = await lab.run('run', '--allow-outside', 'experiments/perplexity.yaml')
    expect(code, stderr).toBe(0)
    const type = `json_extract(axes, '$.quantization') AS type`
    rows = await query<Row>(`SELECT ${type}, json_extract(metrics, '$.perplexity.value') AS value,
      json_extract(metrics, '$.perplexity.error') AS error, json_extract(metrics, '$.perplexity.n') AS n FROM v_trial`)
    const windows = await query<{ type: Type; nll: string }>(`SELECT ${type}, r.nll FROM request r
      JOIN v_trial t ON t.trial_id = r.trial WHERE r.part = 'window' ORDER BY r.trial, CAST(substr(r.prompt_id, 8) AS INTEGER)`)
    nll = windows.map((window) => ({ type: window.type, nll: JSON.parse(window.nll) as number[] }))
  }, 600_000)
  afterAll(() => lab[Symbol.dispose]())

  const query = async <T>(sql: string) => JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as T[]

  for (const type of types)
    test(`${type}: the same value to 4 significant digits and more, the same error, window by window`, () => {
      const real = printedBy(type)
      const own = rows.find((row) => row.type === type) as Row
      const upTo = perplexityUpTo(nll.filter((window) => window.type === type).map((window) => window.nll))
      expect(own.n).toBe(real.upTo.length * 255)
      expect(upTo).toHaveLength(54)
      expect(own.value.toPrecision(4)).toBe(real.value.toPrecision(4))
      // More than was asked for: printed to a tenth of a thousandth, the last digit rounded on both sides.
      expect(Math.abs(own.value - real.value)).toBeLessThan(0.0006)
      expect(Math.abs(own.error - real.error)).toBeLessThan(0.00003)
      for (const [at, value] of upTo.entries())
        expect(Math.abs(value / (real.upTo[at] as number) - 1)).toBeLessThan(1e-4)
    })
})

// Its text lacks the last newline of the file, which is in no whole window here. Batch and context as our engine has them.
function printedBy(type: Type): Printed {
  const asked = ['-m', fileOf(type), '-f', text, '-c', '512', '-b', '512', '-ub', '512', '-fa', 'on', '-t', '1']
  const printed = execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program as string, ...asked], { encoding: 'utf8' })
  const [, value, error] = /Final estimate: PPL = ([\d.]+) \+\/- ([\d.]+)/.exec(printed) ?? []
  const upTo = [...printed.matchAll(/\[\d+\](\d+\.\d{4}),/g)].map(([, found]) => Number(found))
  return { upTo, value: Number(value), error: Number(error) }
}

/** e^(mean nll) of the first window, of the first two, and so on. */
function perplexityUpTo(windows: readonly (readonly number[])[]): number[] {
  let [sum, n] = [0, 0]
  return windows.map((window) => {
    sum += window.reduce((a, b) => a + b, 0)
    n += window.length
    return Math.exp(sum / n)
  })
}
