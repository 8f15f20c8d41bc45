import { expect, test } from 'vitest'
import { labJsonSchema } from '../../lib/lab/lab-settings.ts'
import { formatted } from '../experiment/formatted-json.ts'
import { CommandLine } from '../cli/command-line.ts'
import { freshId, storePlan } from '../cli/stored-plan.ts'

test('the committed JSON Schema is that of lab.yaml (renew it with: npm test -- test/lab/lab-settings.test.ts -u)', async () => {
  await expect(formatted(labJsonSchema())).toMatchFileSnapshot('../../data/lab.schema.json')
})

test('every command uses the store that the settings name, seen from the lab; --store and BENCHBOOK_STORE come first', async () => {
  using lab = new CommandLine({ 'data/lab.yaml': 'store: data/other.db\n', 'experiments/deep/x': '' })
  const [own, other] = [freshId(), freshId()]
  storePlan(lab.at('data/other.db'), 'planned', { id: other })
  storePlan(lab.store, 'planned', { id: own })
  const ids = async (...change: Parameters<CommandLine['run']>) =>
    JSON.parse((await lab.run(...change)).stdout).plans.map(({ id }: { id: string }) => id)
  expect(await ids(['list', '--json'], { cwd: lab.at('experiments/deep') })).toEqual([other])
  expect(await ids(['list', '--json', '--store', 'data/benchbook.db'])).toEqual([own])
  expect(await ids(['list', '--json'], { env: { BENCHBOOK_STORE: lab.store } })).toEqual([own])
})

test.for(['', '# nothing yet\n', '{}'])('settings may be empty: %j', async (text) => {
  using lab = new CommandLine({ 'data/lab.yaml': text })
  storePlan(lab.store, 'planned', { id: freshId() })
  expect((await lab.run(['list'])).exitCode).toBe(0)
})

test.for([
  ['stroe: data/x.db'],
  ['store: 5'],
  ['finish: { comand: [notify] }'],
  ['finish: { command: notify me }'],
  ['finish: { command: [] }'],
  ['finish: { command: [a], webhook: "https://x" }'],
  ['finish: { webhook: ftp://example.org }'],
  ['- store'],
  ['store: ['],
])('what is wrong with %j is told with its place, and not asked where it is not needed', async ([text]) => {
  using lab = new CommandLine({ 'data/lab.yaml': `${text}\n` })
  storePlan(lab.store, 'planned', { id: freshId() })
  expect(await lab.refused(['list'])).toMatchSnapshot()
  expect((await lab.run(['list', '--store', lab.store])).exitCode).toBe(0)
})
