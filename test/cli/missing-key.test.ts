import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'

const experiment = `
name: asks
title: Asks
question: What does a server say?
models: { m: { artifacts: { s: { served: m } } } }
backends: { s: { kind: openai, url: "http://127.0.0.1:9", apiKey: "\${env:ASKS_KEY}" } }
workload: { kind: chat, prompts: [Hi], sampling: { maxTokens: 4 } }
load: { requests: 2 }
repeat: { blocks: 1, warmup: { requests: 0 } }
`
const withExperiment = () => {
  const lab = new CommandLine()
  lab.write('experiments/asks.yaml', experiment)
  return lab
}
const set = { env: { ASKS_KEY: 'sk-1' } }

test.each(['plan', 'validate', 'run --dry-run'])(
  '%s warns of a key that is not there, and goes on',
  async (command) => {
    using lab = withExperiment()
    const said = await lab.run([...command.split(' '), 'experiments/asks.yaml'])
    expect([said.exitCode, said.stderr]).toMatchInlineSnapshot(`
      [
        0,
        "warning: backend.apiKey is \${env:ASKS_KEY}, and ASKS_KEY is not set: set it where benchbook runs; benchbook run refuses to start without it
      ",
      ]
    `)
    expect(said.stdout).not.toBe('')
    expect((await lab.run([...command.split(' '), 'experiments/asks.yaml'], set)).stderr).toBe('')
  },
)

test.each([
  ['is not there', {}],
  ['is empty', { env: { ASKS_KEY: ' ' } }],
])('run refuses to start where a key %s', async (_, change) => {
  using lab = withExperiment()
  expect(await lab.refused(['run', 'experiments/asks.yaml', '--yes'], change)).toMatchInlineSnapshot(`
    "2 benchbook: backend.apiKey is \${env:ASKS_KEY}, and ASKS_KEY is not set: set it where benchbook runs
    "
  `)
})

test('a key that cannot be one is told without it', async () => {
  using lab = withExperiment()
  const said = await lab.refused(['run', 'experiments/asks.yaml'], { env: { ASKS_KEY: 'two words' } })
  expect(said).toMatchInlineSnapshot(`
    "2 benchbook: backend.apiKey is \${env:ASKS_KEY}, and ASKS_KEY holds what no bearer token may: spaces or unseen characters
    "
  `)
})
