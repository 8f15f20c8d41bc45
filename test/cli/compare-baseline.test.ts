import { chmodSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'

const model = readFileSync('data/models/demo/demo-q4_0.gguf')
const regression = readFileSync('experiments/regression.yaml', 'utf8')
const file = 'experiments/regression.yaml'

const labOf = (text = regression) => new CommandLine({ [file]: text, 'old.gguf': model })
const servers = regression
  .replace('workload: [decode, quality]', 'backend: [mine], workload: [decode]')
  .replace(/ {2}- \{ when: \{ workload: quality.*\n/, '')
  .concat('backends: { mine: { kind: llama-server } }\n')

/** A program of the lab that can be started. */
function addProgram(lab: CommandLine, path: string): void {
  lab.write(path, '#!/bin/sh\n')
  chmodSync(lab.at(path), 0o755)
}

async function planned(lab: CommandLine, baseline: string, ...rest: string[]): Promise<string> {
  const { stdout, stderr } = await lab.run(['compare', file, '--baseline', baseline, '--dry-run', ...rest])
  return stdout + stderr
}

test('a file of the model is an arm of the same plan, beside each quantization of the experiment', async () => {
  using lab = labOf()
  expect(await planned(lab, 'old.gguf', '--blocks', '6')).toMatchInlineSnapshot(`
    "Is it slower or worse than before?
    4 cells, 6 blocks: 16 trials in 16 launches; text is scored in 2 of the blocks
    how long it takes is not known before some of it has run: --blocks 1 runs one block
    compared: q4_k_m against baseline, in decode_tps (5 %), ttft_ms (10 %), perplexity (1 %)

    model  quantization  workload  cell
    demo   baseline      decode    4420f975691d
    demo   baseline      quality   ab26c5525f98
    demo   q4_k_m        decode    5f4f33eacffe
    demo   q4_k_m        quality   0d4c0db3b847
    "
  `)
  lab.write(file, regression.replace('[q4_k_m]', '[q4_k_m, q8_0]'))
  const two = await planned(lab, 'old.gguf')
  expect(two).toContain('6 cells, 10 blocks')
  expect(two).toContain('compared: q4_k_m against baseline; q8_0 against baseline')
})

test('another build of a server is an arm of its own, wherever it lies', async () => {
  using lab = labOf(servers)
  using elsewhere = new CommandLine()
  addProgram(lab, '.venv/bin/llama-server')
  addProgram(elsewhere, 'old/llama-server')
  const old = elsewhere.at('old/llama-server')
  const text = await planned(lab, `backend.program=${old}`)
  expect(text).toContain('2 cells, 10 blocks')
  expect(text).toContain(`compared: program current against program ${old}, in decode_tps (5 %), ttft_ms (10 %)`)
})

test('a build that is no program, and an engine that has no other, are refused with what to do', async () => {
  using lab = labOf(servers)
  addProgram(lab, '.venv/bin/llama-server')
  const refused = (baseline: string) => lab.refused(['compare', file, '--baseline', baseline])
  expect(await refused('backend.program=none/llama-server')).toMatchInlineSnapshot(`
    "2 benchbook: nothing can be held against backend.program=none/llama-server here:
      llama-server needs /lab/none/llama-server, which backend.program names and is no program: correct that
    "
  `)
  lab.write(file, regression)
  expect(await refused('backend.program=/opt/llama-server')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline backend.program: llama.cpp is embedded, and its build is the one that this benchbook brings: it cannot be exchanged. Compare builds of llama.cpp by a backend of kind llama-server
    "
  `)
  lab.write(file, servers.replace('{ kind: llama-server }', '{ kind: llama-server, url: "http://127.0.0.1:1" }'))
  expect(await refused('backend.program=/opt/llama-server')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline backend.program: mine (llama-server) is not started here, so that there is no build to exchange
    "
  `)
  expect(await refused('old.gguf')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline old.gguf: mine is a server that runs already and has its model; launch it instead
    "
  `)
})

test('a baseline that is none is refused', async () => {
  using lab = labOf()
  const refused = (...args: string[]) => lab.refused(['compare', file, '--baseline', ...args])
  expect(await refused('gone.gguf')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline gone.gguf: there is no such file of a model; a setting is given as backend.program=PATH or backend.threads=1
    "
  `)
  expect(await refused('backend.threads=1')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline backend.threads: 1 is what experiments/regression.yaml measures already
    "
  `)
  expect(await refused('quantization=q8_0')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline quantization: it is an axis of experiments/regression.yaml: name the pair under compare there, and run it
    "
  `)
  expect(await refused('old.gguf', '--arms', 'a', 'b')).toMatchInlineSnapshot(`
    "2 benchbook: --baseline makes the arms itself: leave out --arms
    "
  `)
  lab.write('text.gguf', 'no model')
  expect(await refused('text.gguf')).toMatchInlineSnapshot(`
    "2 benchbook: text.gguf cannot be read as a GGUF model: it begins with "no m", not with "GGUF"; fetch it again, or name another file
    "
  `)
  expect(await lab.refused(['compare', 'latest', '--baseline', 'old.gguf'])).toMatchInlineSnapshot(`
    "2 benchbook: --baseline is measured beside what a file declares: name an experiment file, not latest
    "
  `)
  expect(await lab.refused(['compare', 'latest', '--blocks', '3'])).toMatchInlineSnapshot(`
    "2 benchbook: --blocks is for what is measured: add --baseline, or leave it out
    "
  `)
})

const named = (program: string) =>
  servers.replace('{ kind: llama-server }', `{ kind: llama-server, program: ${program} }`)

test('a program that a file names lies in the lab, unless its user allows others', async () => {
  using lab = labOf(named('/bin/true'))
  expect(await lab.refused(['plan', file])).toMatchInlineSnapshot(`
    "2 benchbook: experiments/regression.yaml:17:50: backends.mine.program: "/bin/true" is outside the lab (/lab): put it there, or allow it with --allow-outside
        backends: { mine: { kind: llama-server, program: /bin/true } }
    "
  `)
  lab.write(file, named('~/llama-server'))
  expect(await lab.refused(['plan', file])).toContain('is outside the lab')
  lab.write(file, named('builds/llama-server'))
  expect((await lab.run(['plan', file])).stdout).toMatch(
    /llama-server needs \/lab\/builds\/llama-server, which\s+backend\.program names and is no program: correct that/,
  )
  addProgram(lab, 'builds/llama-server')
  expect((await lab.run(['plan', file])).stdout).toContain('1 cell, 10 blocks')
})

test('the workflow of the README is YAML, and its commands are commands', async () => {
  const text = readFileSync('experiments/README.md', 'utf8')
  const [, workflow = ''] = /```yaml\n(# \.github\/workflows\/speed\.yml\n.*?)```/s.exec(text) ?? []
  const { jobs, on } = parse(workflow)
  expect(on).toBe('pull_request')
  const runs = (jobs.regression.steps as { run?: string }[]).flatMap(({ run }) => run ?? [])
  const commands = runs.filter((run) => run.startsWith('npx benchbook ')).map((run) => run.split(' ').slice(2))
  expect(commands.map(([name]) => name)).toEqual(['validate', 'compare'])
  using lab = labOf()
  for (const args of commands) {
    const dry = args[0] === 'compare' ? ['--dry-run'] : []
    expect(await lab.run([...args, ...dry])).toMatchObject({ exitCode: 0, stderr: '' })
  }
})

test('what is asked, or how much of it, is no baseline', async () => {
  using lab = labOf()
  expect(await planned(lab, 'load.requests=9')).toBe(
    'benchbook: --baseline load.requests: it says what is asked or when, which makes no arms: a baseline is another file, build or setting of the engine\n',
  )
})

test('what would run is told as JSON, too', async () => {
  using lab = labOf()
  const told = JSON.parse(await planned(lab, 'old.gguf', '--json'))
  expect(told).toMatchObject({ benchbook: 1, blocks: 10, compare: { treatment: ['quantization'] } })
  expect(told.cells).toHaveLength(4)
})
