import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { llamaProgram } from './llama-cpp.ts'
import { Lab } from './lab.ts'

const demo = fileURLToPath(new URL('../../data/models/demo', import.meta.url))
const text = `${demo}/held-out.txt`
const types = ['f16', 'q4_0'] as const
type Type = (typeof types)[number]
const fileOf = (type: Type) => `${demo}/demo-${type}.gguf`

const experiment = `
name: measured
axes: { model: [demo], quantization: [${types.join(', ')}], workload: [quality] }
models:
  demo: { artifacts: { ${types.map((type) => `${type}: { path: ${fileOf(type)} }`).join(', ')} } }
workloads: { quality: { kind: perplexity, text: { file: ${text} }, context: 512 } }
repeat: { blocks: 1, warmup: { requests: 0 } }
`

type Comparison = {
  exitCode: number
  comparison: {
    says: string
    metrics: { verdict: { row: string }; worse: string; estimate: { change: number; n: number } }[]
  }
}

// In CI a missing program is a failure, elsewhere a skip.
const program = llamaProgram('llama-perplexity')
describe.skipIf(program === undefined && process.env['CI'] === undefined)('logs of the real llama-perplexity', () => {
  let lab: Lab
  const ids: Partial<Record<Type, string>> = {}

  beforeAll(async () => {
    lab = new Lab({ 'measured.yaml': experiment })
    const { code, stderr } = await lab.run('run', '--allow-outside', 'experiments/measured.yaml')
    expect(code, stderr).toBe(0)
    for (const type of types) {
      lab.write(`${type}.log`, printed(type))
      const labels = ['--model', 'demo', '--quantization', type, '--text', text]
      const taken = await lab.run('import', `${type}.log`, ...labels, '--json')
      expect(taken.code, taken.stderr).toBe(0)
      ids[type] = (JSON.parse(taken.stdout) as { imports: { id: string }[] }).imports[0]?.id ?? ''
    }
  }, 600_000)
  afterAll(() => lab[Symbol.dispose]())

  const query = async <T>(sql: string) => JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as T[]

  test('what is imported equals what the embedded engine measures to 3 digits, and stands apart from it', async () => {
    const imported = await query<{ type: Type; value: number; chunks: number; context: number }>(
      'SELECT quantization AS type, perplexity AS value, chunks, context FROM v_imported',
    )
    const own = await query<{ type: Type; value: number }>(
      `SELECT json_extract(axes, '$.quantization') AS type, perplexity AS value FROM v_cell`,
    )
    expect(own.map(({ type }) => type).toSorted()).toEqual(types)
    for (const { type, value } of own) {
      const other = imported.find((each) => each.type === type)
      expect(other).toMatchObject({ chunks: 54, context: 512 })
      expect(other?.value.toPrecision(3)).toBe(value.toPrecision(3))
    }
  })

  test('Q4_0 is worse than F16 beyond the margin, chunk by chunk', async () => {
    const [a, b] = [ids.f16 as string, ids.q4_0 as string]
    const { code, stdout, stderr } = await lab.run('compare', a, b, '--fail-on', 'regression', '--json')
    expect(code, stderr).toBe(10)
    const { comparison } = JSON.parse(stdout) as Comparison
    expect(comparison.metrics[0]).toMatchObject({
      verdict: { row: 'beyond-margin' },
      worse: 'yes',
      estimate: { n: 54 },
    })
    expect(comparison.says).toMatch(/^perplexity: q4_0 is worse by .* beyond the 1.% margin\.$/)
  })

  test('the same log again changes nothing', async () => {
    expect((await lab.run('import', 'f16.log')).stdout).toContain('nothing was changed')
    expect(await query('SELECT import_id FROM v_imported')).toHaveLength(2)
  })
})

// Batch and context as our engine has them; both outputs in the order in which they come.
function printed(type: Type): string {
  const given = ['-m', fileOf(type), '-f', text, '-c', '512', '-b', '512', '-ub', '512', '-fa', 'on', '-t', '1']
  return execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', program as string, ...given], { encoding: 'utf8' })
}
