import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { agreesToFinish, withFinish } from '../../lib/cli/run-finish.ts'
import { type ExitCode, exitCodes, UserError } from '../../lib/domain/user-error.ts'
import { withSettings } from '../../lib/lab/with-settings.ts'
import { readPlan } from '../../lib/store/read-plan.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'
import { examplePlan } from '../store/example.ts'
import { freshId, storePlan } from './stored-plan.ts'

const never = new AbortController().signal

async function finished(finish: string, work: () => Promise<ExitCode>) {
  using lab = new CommandLine({ 'data/lab.yaml': `finish: ${finish}\n` })
  const id = freshId()
  storePlan(lab.store, 'complete', { id })
  lab.write(`reports/out/quick-${id}.html`, '')
  using store = openStore({ file: lab.store, mode: 'read' })
  let said = ''
  const io = withSettings({ cwd: lab.root, env: {}, stderr: (text: string) => void (said += text) })
  const ended = await withFinish(
    { plan: readPlan(store, id), store, io: io as never, keys: { soft: never, hard: never }, agreed: true },
    work,
  ).catch((error: Error) => error.message)
  const told = () => JSON.parse(readFileSync(lab.at('told.json'), 'utf8').replaceAll(id, 'ID')) as unknown
  return { ended, said, told: finish.includes('tee') ? told() : undefined }
}

const keep = '{ command: [tee, told.json] }'

test('the end of a run is told with its counts and its report', async () => {
  expect(await finished(keep, async () => exitCodes.ok)).toMatchObject({
    ended: 0,
    said: '',
    told: {
      plan: 'ID',
      status: 'complete',
      trials: { all: 12, ok: 12, invalid: 0, failed: 0, open: 0 },
      report: 'reports/out/quick-ID.html',
    },
  })
})

test.for([
  [exitCodes.trialsFailed, 'failed'],
  [exitCodes.interrupted, 'interrupted'],
] as const)('a run that ends with %d is told as %s', async ([code, status]) => {
  expect(await finished(keep, async () => code)).toMatchObject({ ended: code, told: { exitCode: code, status } })
})

const refuse = async () => Promise.reject(new UserError('another has the device', exitCodes.unavailable))
const bug = async () => Promise.reject(new TypeError('a bug'))

test('so is one that is refused, or ends by a bug; the error goes on', async () => {
  expect(await finished(keep, refuse)).toMatchObject({
    ended: 'another has the device',
    told: { status: 'refused', exitCode: 4 },
  })
  expect(await finished(keep, bug)).toMatchObject({ ended: 'a bug', told: { status: 'error', exitCode: 1 } })
})

test('a hook that fails is a warning and changes no exit code', async () => {
  expect(await finished('{ command: ["false"] }', async () => exitCodes.ok)).toMatchObject({
    ended: 0,
    said: 'warning: finish in data/lab.yaml: the command ended with code 1\n',
  })
})

test('what a lab has told is agreed to once; where nobody can be asked it is said, and nobody is told', async () => {
  using lab = new CommandLine({ 'data/lab.yaml': 'finish: { command: [sh, -c, "a b"] }\n' })
  let said = ''
  const asked: string[] = []
  const stderr = (text: string) => void (said += text)
  const io = (answer?: boolean) => {
    const confirm = async (question: string) => asked.push(question) > 0 && answer
    const env = { XDG_CACHE_HOME: lab.at('cache') }
    return withSettings({ cwd: lab.root, env, stderr, ...(answer !== undefined && { confirm }) }) as never
  }
  expect(await agreesToFinish(io(), {})).toBe(false)
  expect(said).toMatchInlineSnapshot(`
    "warning: finish in data/lab.yaml runs sh -c 'a b': nobody has agreed to that here, so nobody will be told; --yes agrees
    "
  `)
  expect(await agreesToFinish(io(false), {})).toBe(false)
  expect(await agreesToFinish(io(true), {})).toBe(true)
  expect(asked).toMatchInlineSnapshot(`
    [
      "finish in data/lab.yaml runs sh -c 'a b'. Is that yours, or as you want it?",
      "finish in data/lab.yaml runs sh -c 'a b'. Is that yours, or as you want it?",
    ]
  `)
  expect(await agreesToFinish(io(), {})).toBe(true)
  lab.write('data/lab.yaml', 'finish: { webhook: "https://x.example/${env:TOKEN}" }\n')
  said = ''
  expect(await agreesToFinish(io(), {})).toBe(false)
  expect(said).toMatchInlineSnapshot(`
    "warning: finish in data/lab.yaml sends the end of runs to https://x.example/\${env:TOKEN}: nobody has agreed to that here, so nobody will be told; --yes agrees
    "
  `)
  expect(await agreesToFinish(io(), { yes: true })).toBe(true)
  expect(await agreesToFinish(io(), {})).toBe(true)
})

test('a run that is refused before its plan is kept is told too', async () => {
  using lab = new CommandLine({ 'data/lab.yaml': `finish: ${keep}\n` })
  storePlan(lab.store, 'complete', { id: freshId() })
  using store = openStore({ file: lab.store, mode: 'read' })
  const io = withSettings({ cwd: lab.root, env: {}, stderr: () => {} }) as never
  const keys = { soft: never, hard: never }
  const plan = examplePlan({ id: 'unkept' })
  await expect(withFinish({ plan, store, io, keys, agreed: true }, refuse)).rejects.toThrow('another has the device')
  expect(JSON.parse(readFileSync(lab.at('told.json'), 'utf8'))).toMatchObject({
    plan: 'unkept',
    status: 'refused',
    trials: { all: 12, ok: 0, open: 12 },
  })
})
