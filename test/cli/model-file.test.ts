import { mkdirSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { freshId, storePlan } from './stored-plan.ts'
import { CommandLine } from './command-line.ts'

const file = 'experiments/own.yaml'
const experiment = `name: own
axes: { model: [own], quantization: [f16, q4_0], workload: [bench] }
models:
  own:
    artifacts:
      f16: { path: models/f16.gguf }
      q4_0: { path: models/q4_0.gguf }
`

/** What `validate` and `run` both say. */
async function refusal(lab: CommandLine): Promise<string> {
  const told = [await lab.refused(['validate', file]), await lab.refused(['run', file])]
  expect(told[0]).toBe(told[1])
  return told[0] as string
}

test('model files that are missing', async () => {
  using lab = new CommandLine({ [file]: experiment })
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/own.yaml:6:12: models.own.artifacts.f16: model file models/f16.gguf does not exist (looked for /lab/models/f16.gguf and /package/models/f16.gguf): correct the path, or put the file there
        f16: { path: models/f16.gguf }
    experiments/own.yaml:7:13: models.own.artifacts.q4_0: model file models/q4_0.gguf does not exist (looked for /lab/models/q4_0.gguf and /package/models/q4_0.gguf): correct the path, or put the file there
        q4_0: { path: models/q4_0.gguf }
    "
  `)
})

test('a model file that was cut off while it was fetched', async () => {
  using lab = new CommandLine({ [file]: experiment })
  for (const type of ['f16', 'q4_0'] as const)
    await generateRandomModel(randomModel(5e6, type), lab.at(`models/${type}.gguf`))
  expect(await lab.run(['validate', file])).toMatchObject({ exitCode: 0 })
  truncateSync(lab.at('models/f16.gguf'), 2_000_000)
  truncateSync(lab.at('models/q4_0.gguf'), 5000)
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/own.yaml:6:12: models.own.artifacts.f16: models/f16.gguf is 2,000,000 bytes, its tensors end at 9,890,976: it is truncated; fetch it again
        f16: { path: models/f16.gguf }
    experiments/own.yaml:7:13: models.own.artifacts.q4_0: models/q4_0.gguf is 5,000 bytes, its header goes on after that: it is truncated; fetch it again
        q4_0: { path: models/q4_0.gguf }
    "
  `)
})

test('model files that are none', async () => {
  using lab = new CommandLine({
    [file]: experiment,
    'models/f16.gguf': '',
    'models/q4_0.gguf': '<!doctype html>\u001b',
  })
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/own.yaml:6:12: models.own.artifacts.f16: models/f16.gguf cannot be read as a GGUF model: it is empty; fetch it again, or name another file
        f16: { path: models/f16.gguf }
    experiments/own.yaml:7:13: models.own.artifacts.q4_0: models/q4_0.gguf cannot be read as a GGUF model: it begins with "<!do", not with "GGUF"; fetch it again, or name another file
        q4_0: { path: models/q4_0.gguf }
    "
  `)
  for (const name of ['f16', 'q4_0']) unlinkSync(lab.at(`models/${name}.gguf`))
  mkdirSync(lab.at('models/f16.gguf'))
  symlinkSync('/dev/zero', lab.at('models/q4_0.gguf'))
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/own.yaml:6:12: models.own.artifacts.f16: models/f16.gguf is a folder: name the .gguf file itself, or a folder with safetensors
        f16: { path: models/f16.gguf }
    experiments/own.yaml:7:21: models.own.artifacts.q4_0.path: "models/q4_0.gguf" is outside the lab (/lab): move it there, or allow it with --allow-outside
        q4_0: { path: models/q4_0.gguf }
    "
  `)
})

test('a model file outside of the lab', async () => {
  using lab = new CommandLine()
  symlinkSync('/dev/zero', lab.at('models.gguf'))
  lab.write(file, experiment.replace('models/f16.gguf', '../f16.gguf').replace('models/q4_0.gguf', 'models.gguf'))
  expect(await refusal(lab)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/own.yaml:6:20: models.own.artifacts.f16.path: "../f16.gguf" is outside the lab (/lab): move it there, or allow it with --allow-outside
        f16: { path: ../f16.gguf }
    experiments/own.yaml:7:21: models.own.artifacts.q4_0.path: "models.gguf" is outside the lab (/lab): move it there, or allow it with --allow-outside
        q4_0: { path: models.gguf }
    "
  `)
})

test('a model file that is gone when its plan goes on: nothing is started, nothing is lost', async () => {
  using lab = new CommandLine()
  const id = freshId()
  storePlan(lab.store, 'planned', { id })
  const { exitCode, stdout, stderr } = await lab.run(['run', '--resume'])
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr.replaceAll(id, 'ID')).toMatchInlineSnapshot(`
    "plan ID: 12 of 12 trials to measure
    interrupted; go on with: benchbook run --resume ID
    benchbook: model file models/demo-f16.gguf does not exist (looked for /lab/models/demo-f16.gguf and /package/models/demo-f16.gguf): correct the path, or put the file there
    "
  `)
  const list = await lab.run(['list'])
  expect(list.stdout.replaceAll(id, 'ID')).toMatchInlineSnapshot(`
    "plan          experiment  made (UTC)        cells  ok  failed  open  session
    ID  quick       2026-01-02 03:04      6   0       0    12  interrupted
    "
  `)
  const sessions = await lab.run(['query', 'SELECT status, resumes FROM session', '--format', 'csv'])
  expect(sessions.stdout).toBe('status,resumes\r\ninterrupted,0\r\n')
})

test('a plan whose model file was exchanged does not go on', async () => {
  using lab = new CommandLine()
  const id = freshId()
  await generateRandomModel(randomModel(5e6, 'f16'), lab.at('models/demo-f16.gguf'))
  storePlan(lab.store, 'planned', { id })
  const { exitCode, stderr } = await lab.run(['run', '--resume', id])
  expect(exitCode).toBe(2)
  expect(stderr.replaceAll(id, 'ID')).toMatchInlineSnapshot(`
    "plan ID: 12 of 12 trials to measure
    interrupted; go on with: benchbook run --resume ID
    benchbook: /lab/models/demo-f16.gguf is not what the plan was made with (sha256 004c53bd2163, planned f16ddddddddd): put that back, or plan again
    "
  `)
})
