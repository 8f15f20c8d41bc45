import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { llamaProgram } from '../system/llama-cpp.ts'
import { Lab } from '../system/lab.ts'
import { type Figure, median } from './bound.ts'
import { embeddedBuild, programBuild } from './llama-builds.ts'

const rounds = 5
const repetitions = 3
const model = 'data/models/random/random-300m-f16-*.gguf'
const experiment = (round: number) => `
name: llama-bench-${round}
axes: { model: [random-300m], quantization: [f16], workload: [bench] }
load: { requests: ${repetitions} }
repeat: { blocks: 1, warmup: { requests: 2 } }
`
const experiments = Object.fromEntries(Array.from({ length: rounds }, (_, i) => [`${i}.yaml`, experiment(i)]))

const parts = ['prompt', 'decode'] as const
/** Tokens per second of every repetition. */
export type Speeds = Record<(typeof parts)[number], number[]>
type Counters = { prompt: number | null; decode: number | null }
type Printed = { n_prompt: number; samples_ts: number[] }[]

/**
 * llama.cpp's own counters, as the embedded engine reports them, against the real llama-bench on the same weights, in turns. Two
 * builds of it, if there are: README.md says why. Where there is none, the bench did not run, and says so.
 */
export async function llamaBench(): Promise<Figure[]> {
  const programs = (['native', 'alike'] as const).flatMap((build) => {
    const path = llamaProgram('llama-bench', build)
    return path === undefined ? [] : [{ build, path, speeds: noSpeeds() }]
  })
  if (programs.length === 0) throw new Error('llama-bench: not run, there is none here; test/system/setup.sh builds it')
  using lab = new Lab(experiments)
  const embedded = noSpeeds()
  for (let round = 0; round < rounds; round++) {
    add(embedded, await embeddedSpeeds(lab, round))
    for (const { path, speeds } of programs) add(speeds, await benchSpeeds(path, lab))
  }
  tell('embedded', embedded, await embeddedBuild())
  for (const { build, path, speeds } of programs) tell(`llama-bench, ${build}`, speeds, await programBuild(path))
  return programs.flatMap(({ build, speeds }) => figures(build, embedded, speeds))
}

const noSpeeds = (): Speeds => ({ prompt: [], decode: [] })
const add = (to: Speeds, more: Speeds) => {
  for (const part of parts) to[part].push(...more[part])
}

async function embeddedSpeeds(lab: Lab, round: number): Promise<Speeds> {
  const { code, stderr } = await lab.run('run', `experiments/${round}.yaml`)
  if (code !== 0) throw new Error(stderr)
  const sql = `SELECT 1000 * r.engine_prompt_tokens / r.engine_prompt_ms AS prompt,
      1000 * r.engine_decode_tokens / r.engine_decode_ms AS decode
    FROM request r JOIN v_trial t ON t.trial_id = r.trial
    WHERE t.experiment = 'llama-bench-${round}' AND r.phase = 'measured'`
  const { rows } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: Counters[] }
  const of = (part: keyof Counters) => rows.map((row) => row[part]).filter((value) => value !== null)
  return { prompt: of('prompt'), decode: of('decode') }
}

// The settings that an experiment has where it says none; llama-bench's own differ in the batch (2048) and in the threads.
const settings = ['-p', '512', '-n', '128', '-t', '1', '-b', '512', '-ub', '512', '-fa', 'on', '-r', `${repetitions}`]

async function benchSpeeds(program: string, lab: Lab): Promise<Speeds> {
  const command = `exec "$0" -m ${model} "$@" -o json`
  const { stdout } = await promisify(execFile)('sh', ['-c', command, program, ...settings], { cwd: lab.root })
  const [prompt, decode] = JSON.parse(stdout) as [Printed[number], Printed[number]]
  return { prompt: prompt.samples_ts, decode: decode.samples_ts }
}

const shown = (values: number[]) => `${median(values).toFixed(1)} tokens/s (best ${Math.max(...values).toFixed(1)})`

function tell(what: string, { prompt, decode }: Speeds, build: string): void {
  process.stdout.write(`     ${what}: prompt ${shown(prompt)}, decode ${shown(decode)}\n       ${build}\n`)
}

const figures = (build: string, embedded: Speeds, other: Speeds): Figure[] =>
  parts.map((part) => ({
    what: `${part} counter of the embedded engine, apart from llama-bench's (${build}), medians`,
    value: 100 * Math.abs(median(embedded[part]) / median(other[part]) - 1),
    unit: '%',
    limit: { atMost: 3 },
  }))
