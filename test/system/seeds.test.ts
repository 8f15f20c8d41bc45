import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ArmComparison } from '../../lib/domain/verdict.ts'
import { startEmulator } from '../../lib/emulator/start-emulator.ts'
import { evenly } from '../emulator/emulation.ts'
import { Lab } from './lab.ts'
import { isBusy, latestVerdicts, onMetric, skipBusy } from './verdicts-of.ts'

const small = ['--blocks', '1', '--set', 'load.requests=2', '--set', 'workload.sampling.maxTokens=16']

/** The emulator speaks both on one port. */
const urlFor = (name: string, url: string) => (name.includes('tgis') ? url.replace('http:', 'grpc:') : url)

/** Each seed, cut down to a few cells; how many those are, and how long their answers (of a mix the shortest are of 16). */
test.each([
  ['seed-gguf-ladder.yaml', ['--only', 'backend=served', '--only', 'quantization=q4*'], 2, [128]],
  ['seed-ollama-machines.yaml', ['--only', 'model=*-7b', '--only', 'hardware=t4'], 3, [16]],
  ['awq-vllm.yaml', ['--set', 'backend.kind=vllm', '--only', 'quantization=awq'], 4, [16]],
  ['seed-tgis-concurrency.yaml', ['--only', 'hardware=g5-2xlarge', '--set', 'load.clients=2'], 1, undefined],
  ['engines.yaml', ['--only', 'backend=vllm'], 1, [16]],
] as const)('%s rehearses against an emulated server with --set backend.url', async (name, args, cells, lengths) => {
  await using server = await startEmulator({ ...evenly, firstTokenMs: 5, tokenMs: 1 }, { models: ['*'] })
  using lab = new Lab({ [name]: readFileSync(`experiments/${name}`, 'utf8') })
  const run = await lab.run(
    'run',
    `experiments/${name}`,
    '--set',
    `backend.url=${urlFor(name, server.url)}`,
    ...small,
    ...args,
  )
  expect([0, 3], run.stderr).toContain(run.code) // 3: the machine did something else besides
  const query = `SELECT cell_id, status, output_tokens FROM v_request WHERE phase = 'measured'`
  const { rows } = JSON.parse((await lab.run('query', query, '--json')).stdout) as {
    rows: { cell_id: string; status: string; output_tokens: number }[]
  }
  expect(new Set(rows.map(({ cell_id }) => cell_id)).size).toBe(cells)
  expect(rows.length).toBe(2 * cells)
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['ok']))
  if (lengths) expect([...new Set(rows.map(({ output_tokens }) => output_tokens))]).toEqual(lengths)
  else expect(Math.min(...rows.map(({ output_tokens }) => output_tokens))).toBeGreaterThanOrEqual(16)
})

// Both protocols are spoken for real, of Ollama by a server that takes twice as long for a token; what a real one computes is not here.
test('ab-ollama.yaml: two servers are asked over their two protocols and compare, and which is faster is decided', async (context) => {
  const models = { models: ['*'] }
  await using quick = await startEmulator({ ...evenly, firstTokenMs: 5, tokenMs: 4 }, models)
  await using slow = await startEmulator({ ...evenly, firstTokenMs: 5, tokenMs: 8 }, models)
  const text = readFileSync('experiments/ab-ollama.yaml', 'utf8')
    .replace(/launch: \{ args.*/, `url: '${quick.url}'`)
    .replace(/launch: \{ env.*/, `url: '${slow.url}'`)
  using lab = new Lab({ 'ab-ollama.yaml': text })
  const run = await lab.run('run', 'experiments/ab-ollama.yaml', ...small.slice(2), '--blocks', '6')
  expect([0, 3], run.stderr).toContain(run.code) // 3: the machine did something else besides
  const [arms] = latestVerdicts(lab).comparisons
  const speed = onMetric(arms as ArmComparison, 'decode_tps')
  expect(speed.verdict.row).not.toBe('not-comparable')
  expect((await lab.run('compare', 'latest')).stdout).toMatch(/^ollama against llama-server\n {2}On these servers: /m)
  skipBusy(context, isBusy(speed))
  expect(speed).toMatchObject({ verdict: { row: 'beyond-margin' }, estimate: { of: 'blocks', pairing: 'paired' } })
  expect(speed.estimate?.change).toBeCloseTo(0.5, 1)
})
