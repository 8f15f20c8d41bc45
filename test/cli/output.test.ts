import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { writeOutput } from '../../lib/cli/output.ts'
import { CommandLine, quick } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

function labWithStore(): CommandLine {
  const lab = new CommandLine({ 'experiments/quick.yaml': quick })
  storePlan(lab.store, 'complete')
  return lab
}

test('an export whose format nothing says', async () => {
  using lab = labWithStore()
  const told: string[] = []
  for (const rest of [['x.txt'], ['x'], ['.csv'], ['-'], ['x.csv', '--format', 'xml'], ['x.txt', '--format', '']])
    told.push(await lab.refused(['export', 'latest', '-o', ...rest]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: cannot tell the format of x.txt: let it end in .csv, .json, .jsonl, .parquet or .bundle, or say --format csv, json, jsonl, parquet or bundle
    2 benchbook: cannot tell the format of x: let it end in .csv, .json, .jsonl, .parquet or .bundle, or say --format csv, json, jsonl, parquet or bundle
    2 benchbook: cannot tell the format of .csv: let it end in .csv, .json, .jsonl, .parquet or .bundle, or say --format csv, json, jsonl, parquet or bundle
    2 benchbook: cannot tell the format of -: say --format csv, json, jsonl, parquet or bundle
    2 benchbook: --format is csv, json, jsonl, parquet or bundle, got "xml"
    2 benchbook: --format is csv, json, jsonl, parquet or bundle, got ""
    "
  `)
})

test('an output that cannot be written', async () => {
  using lab = labWithStore()
  mkdirSync(lab.at('folder.csv'))
  const places = [
    'folder.csv',
    'experiments/quick.yaml/x.csv',
    'experiments/quick.yaml/deep/x.csv',
    '/proc/x/y.csv',
    '',
  ]
  const told: string[] = []
  for (const place of ['experiments/quick.yaml/x.html', ''])
    told.push(await lab.refused(['report', 'latest', '-o', place]))
  for (const place of places) told.push(await lab.refused(['export', 'latest', '--format', 'csv', '-o', place]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: cannot write experiments/quick.yaml/x.html (ENOTDIR): name another place with -o
    2 benchbook: cannot write . (EISDIR): name another place with -o
    2 benchbook: cannot write folder.csv (EISDIR): name another place with -o
    2 benchbook: cannot write experiments/quick.yaml/x.csv (ENOTDIR): name another place with -o
    2 benchbook: cannot write experiments/quick.yaml/deep/x.csv (ENOTDIR): name another place with -o
    2 benchbook: cannot write /proc/x/y.csv (ENOENT): name another place with -o
    2 benchbook: cannot write . (EISDIR): name another place with -o
    "
  `)
})

test('a report of what has not been run, or is not there', async () => {
  using lab = labWithStore()
  lab.write('experiments/other.yaml', quick)
  const told: string[] = []
  for (const what of ['experiments/other.yaml', 'experiments/nope.yaml', 'nope.json', 'quik', 'experiments'])
    told.push(await lab.refused(['report', what]))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: no plan of experiments/other.yaml in /lab/data/benchbook.db: run it first, with benchbook run experiments/other.yaml
    2 benchbook: experiments/nope.yaml is not there, and no plan of it in /lab/data/benchbook.db
    2 benchbook: nope.json is not there, and no plan of it in /lab/data/benchbook.db
    2 benchbook: no plan and no experiment "quik" in /lab/data/benchbook.db, did you mean "quick"?
    2 benchbook: no plan "experiments" in /lab/data/benchbook.db; \`benchbook list\` shows those it has
    "
  `)
})

test('a report is found by its file from wherever in the lab', async () => {
  using lab = labWithStore()
  const cwd = lab.at('experiments')
  const report = '../reports/out/quick-c0ffee000001.html'
  expect(await lab.run(['report', 'quick.yaml'], { cwd })).toEqual({ exitCode: 0, stdout: `${report}\n`, stderr: '' })
  expect((await lab.run(['report', '../experiments/quick.yaml'], { cwd })).stdout).toBe(`${report}\n`)
  expect((await lab.run(['report', lab.at('experiments/quick.yaml')], { cwd })).stdout).toBe(`${report}\n`)
})

test('a broken template of the lab is told by its name, and costs no report that was there', async () => {
  using lab = labWithStore()
  await lab.run(['report', 'latest'])
  lab.write('reports/strings/en.yaml', 'a: [')
  expect(await lab.refused(['report', 'latest'])).toMatch(/^2 benchbook: \/lab\/reports\/strings\/en\.yaml:1:5: /)
})

test('an export to standard output is what the file would hold', async () => {
  using lab = labWithStore()
  await lab.run(['export', 'latest', '-o', 'x.csv'])
  const { stdout } = await lab.run(['export', 'latest', '-o', '-', '--format', 'csv'])
  expect(stdout).toBe(readFileSync(lab.at('x.csv'), 'utf8'))
})

function* failing() {
  yield 'new'
  throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
}

test('an output that fails half-way leaves what was there, and nothing else', async () => {
  using lab = new CommandLine({ 'x.csv': 'old' })
  const before = lab.files()
  const written = writeOutput({ path: 'x.csv' }, failing(), { cwd: lab.root } as never)
  await expect(written).rejects.toThrow('cannot write x.csv (ENOSPC): name another place with -o')
  expect(lab.files()).toEqual(before)
})

test('an output by a link is written where the link leads, a device is written to, and a file keeps who may read it', async () => {
  using lab = new CommandLine({ 'deep/x.csv': 'old' })
  chmodSync(lab.at('deep/x.csv'), 0o600)
  symlinkSync('deep/x.csv', lab.at('link.csv'))
  await writeOutput({ path: 'link.csv' }, ['a', 'b'], { cwd: lab.root } as never)
  expect(lstatSync(lab.at('link.csv')).isSymbolicLink()).toBe(true)
  expect(readFileSync(lab.at('deep/x.csv'), 'utf8')).toBe('ab')
  expect(statSync(lab.at('deep/x.csv')).mode & 0o777).toBe(0o600)
  symlinkSync(lab.at('link.csv'), lab.at(`y.csv.${process.pid}.draft`))
  const before = readFileSync(lab.at('link.csv'), 'utf8')
  await writeOutput({ path: 'y.csv' }, ['foreseen'], { cwd: lab.root } as never)
  expect([readFileSync(lab.at('y.csv'), 'utf8'), readFileSync(lab.at('link.csv'), 'utf8')]).toEqual([
    'foreseen',
    before,
  ])
  await writeOutput({ path: '/dev/null' }, ['a'], { cwd: lab.root } as never)
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})

test('folders of an output are made where they are missing', async () => {
  using lab = labWithStore()
  expect(await lab.run(['export', 'latest', '-o', 'a/b/x.json', '--json'])).toEqual({
    exitCode: 0,
    stdout: '{\n  "benchbook": 1,\n  "exported": "a/b/x.json",\n  "format": "json"\n}\n',
    stderr: '',
  })
  expect(existsSync(lab.at('a/b/x.json'))).toBe(true)
})
