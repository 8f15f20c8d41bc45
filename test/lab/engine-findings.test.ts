import { expect, test } from 'vitest'
import { engineFindings } from '../../lib/lab/engine-findings.ts'

type Run = Parameters<typeof engineFindings>[0]['run']
const answer = (accelerator: string) => JSON.stringify({ accelerator, build: 'llama.cpp b1', devices: [] })

/** Loads what it is asked for, but says `loaded`. */
const runner =
  (loaded: Readonly<Record<string, string>>): Run =>
  async (argv) => {
    const stdout = loaded[argv.at(-1) as string]
    return stdout === undefined ? { code: undefined, stdout: '' } : { code: 0, stdout: `noise\n${stdout}\n` }
  }

test('a build counts as there when it loads and computes on what was asked for', async () => {
  const cpu = { run: runner({ cpu: answer('cpu') }), platform: 'linux', hasNvidia: false } as const
  expect(await engineFindings(cpu)).toEqual([{ topic: 'llama.cpp, cpu', status: 'ok', says: 'llama.cpp b1 loads' }])
})

test('a GPU without a build, a build that falls back to the processor, and none at all', async () => {
  const run = runner({ cpu: answer('cpu'), cuda: answer('cpu') })
  expect((await engineFindings({ run, platform: 'linux', hasNvidia: true }))[1]).toMatchInlineSnapshot(`
    {
      "advice": "README.md says how to add the one for cuda; the driver must be there too",
      "says": "no build that loads",
      "status": "missing",
      "topic": "llama.cpp, cuda",
    }
  `)
  expect((await engineFindings({ run, platform: 'darwin', hasNvidia: false }))[1]?.status).toBe('missing')
  const broken = { run: runner({ cpu: 'no json {' }), platform: 'linux', hasNvidia: false } as const
  expect(await engineFindings(broken)).toMatchInlineSnapshot(`
    [
      {
        "advice": "run npm ci again with this Node and on this platform; then look at npm ls node-llama-cpp",
        "says": "does not load",
        "status": "missing",
        "topic": "llama.cpp, cpu",
      },
    ]
  `)
})
