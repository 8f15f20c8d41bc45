import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { Lab } from './lab.ts'
import { measuringDriver } from './running-launch.ts'
import { expectSpoolsInStore } from './spool-and-store.ts'

const experiment = `
name: crashes
axes: { model: [random-5m], quantization: [q4_0], workload: [decode, bench] }
load: { requests: 10 }
repeat: { blocks: 1 }
`

type Row = Record<string, string | number | null>

async function rows(lab: Lab, sql: string): Promise<Row[]> {
  return JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as Row[]
}

test('an engine that aborts is a failed trial with the signal and the log; it runs again with the rest in a fresh launch', async () => {
  using lab = new Lab({ 'crashes.yaml': experiment })
  const run = lab.start('run', 'experiments/crashes.yaml')
  process.kill(await measuringDriver(lab), 'SIGABRT')
  const { code, stdout, stderr } = await run.ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/^\[0\/2\] .*: FAILED, crashed: the engine's process was ended by SIGABRT.*; it runs again/m)
  expect(stderr).toMatch(/^launch 1 ended early: .*; the rest runs in a fresh one$/m)
  expect(stderr).toMatch(/^launch 2, block 1, attempt 2/m)

  const [crashed, fresh] = await rows(lab, 'SELECT status, outcome, attempt, continues FROM launch ORDER BY id')
  expect(crashed).toMatchObject({ status: 'failed', attempt: 1, continues: null })
  const outcome = JSON.parse(crashed?.['outcome'] as string)
  expect(outcome).toMatchObject({ reason: 'crashed', detail: expect.stringContaining('SIGABRT') })
  expect(outcome.logTail).toContain('llama_context')
  expect(fresh).toMatchObject({ status: 'ok', attempt: 2, continues: 1 })

  const trials = await rows(lab, 'SELECT launch, status, reason, detail, unused FROM trial ORDER BY launch, id')
  const detail = expect.stringContaining('ended by SIGABRT')
  expect(trials).toContainEqual({ launch: 1, status: 'failed', reason: 'crashed', detail, unused: 'retried' })
  expect(trials.filter(({ unused }) => unused === null).map(({ status }) => status)).toEqual(['ok', 'ok'])

  expectSpoolsInStore(lab.store)
  expect(readFileSync(join(lab.root, stdout.trim()), 'utf8')).toContain('ended by SIGABRT')
})

test('a model that llama.cpp refuses fails its trials with the reason, and the others are measured', async () => {
  using lab = new Lab({
    'refused.yaml': `
name: refused
axes: { model: [bent, random-5m], quantization: [f16], workload: [bench] }
models: { bent: { artifacts: { f16: { path: bent.gguf } } } }
load: { requests: 1 }
repeat: { blocks: 1 }
`,
  })
  const bent = join(lab.root, 'bent.gguf')
  await generateRandomModel(randomModel(5e6, 'f16'), bent)
  bendTensor(bent, 'blk.0.attn_q.weight')
  const { code, stderr, stdout } = await lab.run('run', 'experiments/refused.yaml')
  expect(code).toBe(3)
  expect(stderr).toMatch(/bent .*: FAILED, engine-error: .*blk\.0\.attn_q\.weight.*wrong shape/)
  expect(stderr).toMatch(/^1 of 2 trials failed/m)
  expect(
    await rows(lab, 'SELECT status, count(*) AS n FROM trial WHERE unused IS NULL GROUP BY status ORDER BY status'),
  ).toEqual([
    { status: 'failed', n: 1 },
    { status: 'ok', n: 1 },
  ])
  expect(readFileSync(join(lab.root, stdout.trim()), 'utf8')).toContain('wrong shape')
})

test('a model whose weights are no numbers has no perplexity', async () => {
  using lab = new Lab({
    'nan.yaml': `
name: nan
axes: { model: [nan], quantization: [f16], workload: [score] }
models: { nan: { artifacts: { f16: { path: nan.gguf } } } }
workloads: { score: { kind: perplexity, context: 64, text: { file: text.txt } } }
repeat: { blocks: 1 }
`,
  })
  lab.write('text.txt', 'The quick brown fox jumps over the lazy dog. '.repeat(40))
  const path = join(lab.root, 'nan.gguf')
  await generateRandomModel(randomModel(5e6, 'f16'), path)
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xff, bytes.length - 200_000))
  const { code, stderr } = await lab.run('run', 'experiments/nan.yaml')
  expect(stderr).toMatch(/FAILED, engine-error: /)
  expect(code).toBe(3)
  expect(await rows(lab, 'SELECT perplexity FROM v_cell')).toEqual([{ perplexity: null }])
})

test('a model file that changes under a running plan stops it; put back, --resume completes', async () => {
  using lab = new Lab({
    'own.yaml': `
name: own
axes: { model: [own], quantization: [q4_0], workload: [bench] }
models: { own: { artifacts: { q4_0: { path: own.gguf } } } }
load: { requests: 3 }
repeat: { blocks: 2 }
`,
  })
  const path = join(lab.root, 'own.gguf')
  const model = randomModel(5e6, 'q4_0')
  await generateRandomModel(model, path)
  const run = lab.start('run', 'experiments/own.yaml')
  await measuringDriver(lab)
  await generateRandomModel(randomModel(5e6, 'q8_0'), path)
  const stopped = await run.ended
  expect(stopped).toMatchObject({ code: 2, stdout: '' })
  expect(stopped.stderr).toMatch(/^interrupted; go on with: benchbook run --resume [0-9a-f]{12}$/m)
  expect(stopped.stderr).toMatch(/^benchbook: .*own\.gguf is not what the plan was made with/m)
  expect(await rows(lab, 'SELECT status FROM session')).toEqual([{ status: 'interrupted' }])
  await generateRandomModel(model, path)
  expect(await lab.run('run', '--resume', '--accept-setup')).toMatchObject({ code: 0 })
  expectSpoolsInStore(lab.store)
  expect(readdirSync(lab.root).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

/** Gives a square tensor twice the width and half the height: as large as before, and of a shape that no model has. */
function bendTensor(path: string, name: string): void {
  const bytes = readFileSync(path)
  const dimensions = bytes.indexOf(name) + name.length + 4
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(dimensions) * 2n, dimensions)
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(dimensions + 8) / 2n, dimensions + 8)
  writeFileSync(path, bytes)
}
