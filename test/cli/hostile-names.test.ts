import { symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'
import { freshId, storePlan } from './stored-plan.ts'

// Clears the screen, sets the title, reverses what follows, hides itself, and pretends to be a line of ours.
const hostile = 'a\u001b[2J\u009b1m\u001b]0;t\u0007\u202eb\u200b\u2028\r\nbenchbook: all is well'
const unseen = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u

/** All that the commands print, which must hold nothing that a terminal obeys, and no line that is not ours. */
async function told(lab: CommandLine, commands: readonly (readonly string[])[], env = {}): Promise<string> {
  const said: string[] = []
  for (const command of commands) {
    const { stdout, stderr } = await lab.run(command, { env })
    said.push(stdout + stderr)
  }
  const all = said.join('')
  expect(all).not.toMatch(unseen)
  expect(all).not.toMatch(/^benchbook: all is well/m)
  return all
}

test('names on the command line', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  storePlan(lab.at('x.db'), 'planned')
  const good = 'experiments/quick.yaml'
  const all = await told(lab, [
    [hostile],
    ['run', `--${hostile}`],
    ['run', hostile],
    ['run', hostile, '--resume'],
    ['validate', `${hostile}.yaml`],
    ['plan', good, '--blocks', hostile],
    ['plan', good, `--blocks=${hostile}`],
    ['plan', good, '--set', hostile],
    ['plan', good, '--set', `${hostile}=1`],
    ['plan', good, '--set', `backend.threads=${hostile}`],
    ['list', '--store', hostile],
    ['show', hostile, '--store', 'x.db'],
    ['report', hostile, '--store', 'x.db'],
    ['report', `${hostile}.yaml`, '--store', 'x.db'],
    ['report', 'latest', '--store', 'x.db', '-o', `${good}/${hostile}`],
    ['export', hostile, '--store', 'x.db', '-o', 'x.csv'],
    ['export', 'latest', '--store', 'x.db', '-o', hostile],
    ['export', 'latest', '--store', 'x.db', '-o', 'x', '--format', hostile],
    ['query', hostile, '--store', 'x.db', '--format', hostile],
  ])
  expect(all).toContain(String.raw`a\u{1b}[2J\u{9b}1m`)
})

test('names of files, keys and values in an experiment', async () => {
  const yaml = JSON.stringify(hostile)
  const own = `models: { own: { artifacts: { f16: { path: ${yaml} }, q4_0: { path: ${yaml} } } } }\n`
  using lab = new CommandLine({
    [`experiments/${hostile}.yaml`]: quick,
    'experiments/key.yaml': `${quick}${yaml}: 1\n`,
    'experiments/name.yaml': quick.replace('name: quick', `name: ${yaml}`),
    'experiments/title.yaml': `${quick}title: ${yaml}\n`,
    'experiments/axis.yaml': quick.replace('workload:', `${yaml}: [1], workload:`),
    'experiments/value.yaml': quick.replace('q4_0', yaml),
    'experiments/exclude.yaml': `${quick}exclude: [{ quantization: ${yaml} }, { ${yaml}: 1 }]\n`,
    'experiments/model.yaml': `${quick.replace('random-5m', 'own')}${own}`,
    'experiments/outside.yaml': `${quick.replace('random-5m', 'own')}${own.replaceAll('path: "', 'path: "/')}`,
    'experiments/prompt.yaml': `${quick}workloads: { decode: { kind: completion, prompts: { file: ${yaml} } } }\n`,
    'experiments/anchor.yaml': `a: *${hostile}\n`,
    'experiments/raw.yaml': `${quick}# ${hostile}\n`,
  })
  const files = Object.keys(lab.files()).filter((file) => file.endsWith('.yaml'))
  expect(files).toHaveLength(12)
  await told(
    lab,
    files.flatMap((file) => [
      ['validate', file],
      ['plan', file, '--explain'],
      ['validate', file, '--json'],
    ]),
  )
})

test('a model file with such a name is described, and a store in such a place used', async () => {
  using lab = new CommandLine()
  const id = freshId()
  symlinkSync('/dev/null', lab.at(`${hostile}.db`))
  storePlan(lab.at(hostile), 'planned', {
    id,
    experiment: {
      name: 'quick',
      title: hostile,
      file: `experiments/${hostile}.yaml`,
      text: 'name: quick\n',
      digest: 'e'.repeat(64),
    },
  })
  const all = await told(
    lab,
    [
      ['list'],
      ['list', '--json'],
      ['show', 'latest'],
      ['show', 'latest', '--json'],
      ['show', 'abc'],
      ['query', 'SELECT * FROM v_cell'],
      ['query', 'SELECT * FROM experiment', '--json'],
      ['run', '--resume', id],
      ['list', '--store', `${hostile}.db`],
    ],
    { BENCHBOOK_STORE: hostile },
  )
  expect(all).toContain('interrupted; go on with')
})
