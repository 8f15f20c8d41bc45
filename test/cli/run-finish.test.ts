import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withFinish } from '../../lib/cli/run-finish.ts'
import { type ExitCode, exitCodes, UserError } from '../../lib/domain/user-error.ts'
import { withSettings } from '../../lib/lab/with-settings.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'
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
    { planId: id, store, io: io as never, keys: { soft: never, hard: never } },
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
