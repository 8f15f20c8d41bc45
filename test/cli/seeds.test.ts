import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'

const folder = 'experiments'
const seeds = [...readdirSync(folder).filter((name) => name.startsWith('seed-')), 'awq-vllm.yaml', 'engines.yaml']
const scheme = (name: string) => (name.includes('tgis') ? 'grpc' : 'http')
const urlOf = (name: string) => `${scheme(name)}://127.0.0.1:9`
const atUrl = (name: string) => ['--set', `backend.url=${urlOf(name)}`]
/** What runs in a process of ours has no url: another engine takes its place. */
const attached = (name: string) =>
  name === 'awq-vllm.yaml' ? ['--set', 'backend.kind=vllm', ...atUrl(name)] : atUrl(name)

type Planned = {
  cells: { config: { backend: { url?: string } } }[]
  skipped: { reason: string; detail: string }[]
  notes?: string[]
}

async function planned(name: string, ...args: string[]): Promise<Planned> {
  using line = new CommandLine({ [`${folder}/${name}`]: readFileSync(join(folder, name)) })
  const { exitCode, stdout, stderr } = await line.run(['plan', `${folder}/${name}`, '--json', ...args])
  expect([exitCode, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Planned
}

/** What a skipped cell says by its reason. */
const says: Readonly<Record<string, RegExp>> = {
  excluded: /^exclude\.\d+ /,
  'target-missing': /^needs .*, (this machine|it) /,
  'does-not-fit': /^needs .*, (this machine|the target) has /,
  'engine-missing': /^\S+ needs .*, which this machine does not have: .*experiments\/engines\.md has more$/,
  format: /^workload \S+ is a perplexity, and a server of kind \S+ tells no probabilities of a text: /,
}

test.each(seeds)(
  '%s plans on a machine without any engine, and each cell that is skipped says what is lacking',
  async (name) => {
    const { cells, skipped } = await planned(name)
    expect(cells.length + skipped.length).toBeGreaterThan(0)
    for (const { reason, detail } of skipped) expect(detail).toMatch(says[reason] ?? /^$/)
  },
)

test.each(seeds)(
  '%s asks a server that runs already with --set backend.url, and nothing is lacking for that',
  async (name) => {
    const { cells, skipped, notes } = await planned(name, ...attached(name))
    expect(cells.filter(({ config }) => config.backend.url === urlOf(name)).length).toBeGreaterThan(0)
    expect(notes).toBeUndefined()
    expect(skipped.filter(({ reason, detail }) => !says[reason]?.test(detail))).toEqual([])
  },
)

test('what runs in a Python process has no url, and the message says what asks a server instead', async () => {
  using line = new CommandLine({ 'experiments/awq-vllm.yaml': readFileSync('experiments/awq-vllm.yaml') })
  expect(await line.refused(['plan', 'experiments/awq-vllm.yaml', ...atUrl('')])).toMatch(
    /no cell has the path "backend\.url": kind vllm-offline has none, it is a key of kind openai, vllm, .*; --set backend\.kind=vllm besides asks a server instead\n$/,
  )
})

test('what a machine lacks is read in one look: each reason once, with its cells, and what the file leaves out at last', async () => {
  using line = new CommandLine({ 'experiments/engines.yaml': readFileSync('experiments/engines.yaml') })
  const args = ['plan', 'experiments/engines.yaml', '--only', 'backend=*l*m*', '--blocks', '1']
  const { stdout } = await line.run(args, { env: { PATH: '/nowhere' } })
  expect(stdout.replace(/[0-9a-f]{12}/, 'ID')).toMatchInlineSnapshot(`
    "One model under every engine
    1 cell, 1 block: 1 trial in 1 launch
    how long it takes is not known before some of it has run: --blocks 1 runs one block

    backend    quantization  model  cell
    llama.cpp  f16           demo   ID

    skipped, 1 cell:
      llama-server needs the program llama-server, which this machine does not
      have: build llama.cpp, or take one of its releases, or name it under
      programs.llama-server in data/lab.yaml, or attach with --set
      backend.url=...; experiments/engines.md has more
        llama-server · f16 · demo

    skipped, 1 cell:
      vllm needs the program vllm, which this machine does not have: pip install
      vllm, or name it under programs.vllm in data/lab.yaml, or attach with --set
      backend.url=...; experiments/engines.md has more
        vllm · bf16 · demo

    skipped, 1 cell:
      --only backend=*l*m*
        transformers · bf16 · demo
    "
  `)
})

test('what is attached to is told, since nothing of it is looked for', async () => {
  using line = new CommandLine({
    'experiments/x.yaml': readFileSync('experiments/seed-tgis-concurrency.yaml'),
  })
  const { stdout } = await line.run(['plan', 'experiments/x.yaml'])
  expect(stdout).toContain(
    '\n20 cells ask what has to run already: grpc://127.0.0.1:8033, grpc://127.0.0.1:8034, grpc://127.0.0.1:8035\n',
  )
})
