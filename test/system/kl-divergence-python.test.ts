import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Lab } from './lab.ts'

const demo = fileURLToPath(new URL('../../data/models/demo', import.meta.url))
const caches = join(process.env['XDG_CACHE_HOME'] || join(process.env['HOME'] ?? '', '.cache'), 'benchbook')
const programs = {
  transformers: join(process.env['BENCHBOOK_PYTHON_ENV'] ?? join(caches, 'python'), 'bin/python'),
  'vllm-offline': join(process.env['BENCHBOOK_VLLM_ENV'] ?? join(caches, 'vllm'), 'bin/python'),
  vllm: join(process.env['BENCHBOOK_VLLM_ENV'] ?? join(caches, 'vllm'), 'bin/vllm'),
}
const experiment = `
name: divergence
axes: { model: [demo], quantization: [bf16, awq], backend: [transformers, vllm, served], workload: [quality] }
exclude: [{ quantization: bf16, backend: vllm }, { quantization: bf16, backend: served }]
models: { demo: { artifacts: { bf16: { path: ${demo}/hf }, awq: { path: ${demo}/awq } } } }
backends:
  transformers: { kind: transformers, dtype: float32, threads: 1, contextSize: 1024 }
  vllm:
    kind: vllm-offline
    dtype: bfloat16 # its AWQ kernels for CPUs know no 32 bits
    threads: 1
    contextSize: 1024
    args: { enforce_eager: true }
    env: { VLLM_ENABLE_V1_MULTIPROCESSING: 0 } # its core in the same process: it starts in 8 seconds in place of 36
  served:
    kind: vllm
    launch: { args: { dtype: bfloat16, max-model-len: 1024, enforce-eager: true } }
workloads: { quality: { kind: perplexity, text: { file: ${demo}/held-out.txt }, context: 512, chunks: 6, base: bf16 } }
repeat: { blocks: 1, warmup: { requests: 0 } }
`
type Row = { of: string; perplexity: number } & Record<
  'kld' | 'kld_at_least' | 'kld_max' | 'same' | 'ratio',
  number | null
>
let lab: Lab
let rows: Map<string, Row>

beforeAll(async () => {
  for (const program of Object.values(programs))
    if (!existsSync(program)) throw new Error(`${program} is not there: run bash test/system/setup.sh`)
  lab = new Lab({ 'divergence.yaml': experiment })
  mkdirSync(join(lab.root, 'data'), { recursive: true })
  lab.write('data/lab.yaml', `programs: ${JSON.stringify(programs)}\n`)
  const { code, stderr } = await lab.run('run', '--allow-outside', 'experiments/divergence.yaml')
  expect(code, stderr).toBe(0)
  const sql = `SELECT json_extract(axes, '$.backend') || ' ' || json_extract(axes, '$.quantization') AS "of", perplexity,
    kld, kld_at_least, kld_max, top_token_share AS same, ppl_ratio AS ratio FROM v_trial`
  const { rows: found } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: Row[] }
  rows = new Map(found.map((row) => [row.of, row]))
}, 900_000)
afterAll(() => lab[Symbol.dispose]())

test('transformers: awq is a distance from bf16, which is none from itself', () => {
  const [base, awq] = [rows.get('transformers bf16'), rows.get('transformers awq')]
  expect(base).toMatchObject({ kld: 0, kld_max: 0, same: 1, kld_at_least: null })
  expect(awq?.kld).toBeGreaterThan(0.005)
  expect(awq?.kld).toBeLessThan(0.2)
  expect(awq?.same).toBeLessThan(1)
  expect(awq?.ratio).toBeCloseTo((awq?.perplexity ?? Number.NaN) / (base?.perplexity ?? Number.NaN), 4)
})

test('vLLM gives a lower bound under a name of its own, close to the divergence that transformers measures', () => {
  const [exact, bound] = [rows.get('transformers awq')?.kld ?? Number.NaN, rows.get('vllm awq')]
  expect(bound).toMatchObject({ kld: null, kld_max: null })
  expect((bound?.kld_at_least ?? Number.NaN) / exact).toBeGreaterThan(0.9)
  expect((bound?.kld_at_least ?? Number.NaN) / exact).toBeLessThan(1.1)
  expect(bound?.same).toBeCloseTo(rows.get('transformers awq')?.same ?? Number.NaN, 1)
})

test("vLLM's server says over HTTP what its LLM class says", () => {
  const [offline, served] = [rows.get('vllm awq'), rows.get('served awq')]
  const relative = (of: 'perplexity' | 'kld_at_least' | 'ratio') =>
    (served?.[of] ?? Number.NaN) / (offline?.[of] ?? Number.NaN)
  expect(relative('perplexity')).toBeCloseTo(1, 3)
  expect(relative('ratio')).toBeCloseTo(1, 3)
  expect(served).toMatchObject({ kld: null, kld_max: null, same: offline?.same })
  expect(relative('kld_at_least')).toBeGreaterThan(0.9)
  expect(relative('kld_at_least')).toBeLessThanOrEqual(1.01)
})
