import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { enginePrograms } from '../../lib/domain/engine-programs.ts'
import { backendSchema } from '../../lib/experiment/backend-schema.ts'
import { CommandLine } from '../cli/command-line.ts'

const text = readFileSync('experiments/engines.md', 'utf8')
const kinds = backendSchema.in.options.map(({ shape }) => shape.kind.value)
const [contents = '', ...sections] = text.split(/^## /m)
const titleOf = (section: string) => section.slice(0, section.indexOf('\n'))
const blocksIn = (section: string) => [...section.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block)
/** As GitHub makes links of headings. */
const anchorOf = (title: string) =>
  `#${title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')}`

test('every kind of backend has a row that leads to its section, and the example there is of that kind', () => {
  const rows = [...contents.matchAll(/^\| \[`([^`]+)`\]\(([^)]+)\)/gm)].map(([, kind = '', link = '']) => ({
    kind,
    link,
  }))
  expect(rows.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted())
  const told = rows.map(({ link }) => sections.find((section) => anchorOf(titleOf(section)) === link))
  for (const [index, { kind }] of rows.entries())
    expect(told[index] ?? '', kind).toMatch(new RegExp(`kind: ${kind.replace('.', '\\.')}\\b`))
})

test.each(sections.map((section) => [titleOf(section), section] as const))(
  '%s: install, an experiment that is one, what is recorded, traps',
  async (_, section) => {
    const parts = [...section.matchAll(/^\*\*(\w+)\*\*/gm)].map(([, name]) => name)
    expect(parts).toEqual(['Install', 'Recorded', 'Traps'])
    const [experiment = '', ...others] = blocksIn(section)
    expect(others).toEqual([])
    expect(experiment.trim().split('\n').length).toBeLessThanOrEqual(6)
    using line = new CommandLine({ 'experiments/example.yaml': experiment })
    const said = await line.run(['validate', 'experiments/example.yaml'], { env: { OPENAI_API_KEY: 'x' } })
    expect([said.exitCode, said.stderr]).toEqual([0, ''])
    const planned = await line.run(['plan', 'experiments/example.yaml', '--json'], { env: { OPENAI_API_KEY: 'x' } })
    const { cells, skipped } = JSON.parse(planned.stdout) as { cells: object[]; skipped: { reason: string }[] }
    expect(cells.length + skipped.length).toBeGreaterThan(0)
    expect(skipped.filter(({ reason }) => reason !== 'engine-missing')).toEqual([])
  },
)

test('what a message says of an engine that is not here leads to this file, and each program is named in it', () => {
  for (const { program } of Object.values(enginePrograms)) expect(text).toContain(program)
})

test("the examples in the repository's README are experiments", async () => {
  const examples = blocksIn(readFileSync('README.md', 'utf8'))
  expect(examples).toHaveLength(2)
  for (const example of examples) {
    using line = new CommandLine({ 'experiments/example.yaml': example })
    expect(await line.run(['validate', 'experiments/example.yaml'])).toMatchObject({ exitCode: 0, stderr: '' })
  }
})
