import { mkdirSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine, quick } from './command-line.ts'

const file = 'experiments/x.yaml'

/** What `validate`, `plan` and `run` all say of one file. */
async function refusal(
  content: string | Uint8Array,
  others: Record<string, string | Uint8Array> = {},
): Promise<string> {
  using lab = new CommandLine({ [file]: content, ...others })
  return await refusalOf(lab, file)
}

async function refusalOf(lab: CommandLine, path: string): Promise<string> {
  const commands = [['validate'], ['plan'], ['plan', '--explain'], ['run'], ['run', '--dry-run']]
  const told: string[] = []
  for (const command of commands) told.push(await lab.refused([...command, path]))
  expect(new Set(told).size).toBe(1)
  return told[0] as string
}

test('an unknown key', async () => {
  expect(await refusal(`${quick}repaet: { blocks: 3 }\n`)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml:5:1: unknown key "repaet", did you mean "repeat"?
        repaet: { blocks: 3 }
    "
  `)
})

test('a wrong type', async () => {
  expect(await refusal(quick.replace('requests: 1', 'requests: many'))).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml:3:19: load.requests: must be a number, got "many"
        load: { requests: many }
    "
  `)
})

test('a bad axis path', async () => {
  expect(await refusal(quick.replace('workload:', 'threads: [1, 2], workload:'))).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml:2:56: axes.threads: is neither a name nor a dotted path, did you mean "backend.threads"?
        …{ model: [random-5m], quantization: [f16, q4_0], threads: [1, 2], workload: [decode] }
    "
  `)
})

test('zip of unequal lengths', async () => {
  const text = quick.replace('workload:', 'backend.threads: [1, 2, 3], workload:')
  expect(await refusal(`${text}zip: [[quantization, backend.threads]]\n`)).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml:5:7: zip.0: axes that advance together need equally many values: quantization has 2, backend.threads has 3
        zip: [[quantization, backend.threads]]
    "
  `)
})

test('an alias bomb', async () => {
  const levels = 'abcdefghi'.split('').map((name, at, all) => {
    const inner = at === 0 ? 'x' : `*${all[at - 1]}`
    return `${name}: &${name} [${Array(9).fill(inner).join(', ')}]\n`
  })
  expect(await refusal(levels.join(''))).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml:6:7: aliases multiply to more than 200000 values: use fewer
        f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
    "
  `)
})

test('all mistakes at once', async () => {
  const text = `${quick.replace('requests: 1', 'requests: 0')}repaet: 1\n`
  expect((await refusal(text)).match(/x\.yaml:\d+:\d+: /g)).toEqual(['x.yaml:3:19: ', 'x.yaml:5:1: '])
})

test('files that hold no experiment', async () => {
  const contents = [
    '',
    '\n# nothing yet\n',
    'Dear diary\n',
    '[1, 2]\n',
    'name: x\n---\nname: y\n',
    'name: [x\n',
    Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0]),
    Buffer.from(quick, 'utf16le'),
    Buffer.from('name: café\n', 'latin1'),
    `name: x\u0000\n`,
    `${quick}# ${'x'.repeat(2 ** 20)}\n`,
  ]
  const told: string[] = []
  for (const content of contents) told.push(await refusal(content))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: experiments/x.yaml: is empty: an experiment has a name, and axes
    2 benchbook: experiments/x.yaml: is empty: an experiment has a name, and axes
    2 benchbook: experiments/x.yaml:1:1: must be a map of keys, got "Dear diary"
        Dear diary
    2 benchbook: experiments/x.yaml:1:1: must be a map of keys, got [1,2]
        [1, 2]
    2 benchbook: experiments/x.yaml:2:1: a second document starts here: keep one, without "---"
        ---
    2 benchbook: experiments/x.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]
    2 benchbook: experiments/x.yaml:1:5: is not UTF-8 text: save it as UTF-8
        \\u{7f}ELF��\\u{0}
    2 benchbook: experiments/x.yaml: is not UTF-8 text: save it as UTF-8
    2 benchbook: experiments/x.yaml:1:10: is not UTF-8 text: save it as UTF-8
        name: caf�
    2 benchbook: experiments/x.yaml:1:8: there is a NUL character: take it out
        name: x\\u{0}
    2 benchbook: experiments/x.yaml: has 1048711 bytes, more than the 1048576 that are read: split it
    "
  `)
})

test('a byte-order mark and Windows line ends are no mistake', async () => {
  using lab = new CommandLine({ [file]: `\ufeff${quick.replaceAll('\n', '\r\n')}` })
  expect(await lab.run(['validate', file])).toMatchObject({ exitCode: 0, stdout: `${file}: ok, 2 cells\n` })
})

test('what is no file', async () => {
  using lab = new CommandLine({ [file]: quick })
  mkdirSync(lab.at('experiments/folder.yaml'))
  symlinkSync('loop.yaml', lab.at('experiments/loop.yaml'))
  symlinkSync('/dev/null', lab.at('experiments/device.yaml'))
  const paths = [
    'nope.yaml',
    'experiments',
    '.',
    '',
    'experiments/folder.yaml',
    'experiments/loop.yaml',
    'experiments/device.yaml',
    `${file}/nope.yaml`,
    lab.at('nope.yaml'),
    `experiments/${'x'.repeat(300)}.yaml`,
  ]
  const told: string[] = []
  for (const path of paths) told.push(await refusalOf(lab, path))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: nope.yaml: is not there
    2 benchbook: experiments: is a folder, not a file: name a file in it
    2 benchbook: .: is a folder, not a file: name a file in it
    2 benchbook: .: is a folder, not a file: name a file in it
    2 benchbook: experiments/folder.yaml: is a folder, not a file: name a file in it
    2 benchbook: experiments/loop.yaml: is a chain of symbolic links that does not end: take one out
    2 benchbook: experiments/device.yaml: is not a regular file: name another
    2 benchbook: experiments/x.yaml/nope.yaml: is not there
    2 benchbook: /lab/nope.yaml: is not there
    2 benchbook: experiments/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.yaml: has a name that is too long: shorten it
    "
  `)
})

test('of several files all that is wrong is told, and none is run', async () => {
  using lab = new CommandLine({ [file]: quick, 'experiments/y.yaml': `${quick}repaet: 1\n` })
  expect(await lab.refused(['run', file, 'nope.yaml', 'experiments/y.yaml'])).toMatchInlineSnapshot(`
    "2 benchbook: nope.yaml: is not there
    experiments/y.yaml:5:1: unknown key "repaet", did you mean "repeat"?
        repaet: 1
    "
  `)
})

test('a dry run of several files tells of all, and is one JSON value', async () => {
  using lab = new CommandLine({ 'a.yaml': quick, 'b.yaml': quick })
  const { stdout } = await lab.run(['run', '--dry-run', '--json', 'a.yaml', 'b.yaml'])
  const { plans, errors } = JSON.parse(stdout) as { plans: { cells: unknown[] }[]; errors: string[] }
  expect([plans.map(({ cells }) => cells.length), errors]).toEqual([[2, 2], []])
  const { exitCode, stderr } = await lab.run(['run', '--dry-run', 'no.yaml', 'a.yaml', 'nor.yaml'])
  expect([exitCode, stderr]).toEqual([2, 'benchbook: no.yaml: is not there\nnor.yaml: is not there\n'])
})

test('validate --json says on standard output what is good and what is wrong', async () => {
  using lab = new CommandLine({ [file]: quick })
  const { exitCode, stdout, stderr } = await lab.run(['validate', file, 'nope.yaml', '--json'])
  expect([exitCode, stderr]).toEqual([2, 'benchbook: nope.yaml: is not there\n'])
  expect(JSON.parse(stdout)).toEqual({
    benchbook: 1,
    valid: [{ file, cells: 2, skipped: 0 }],
    errors: ['nope.yaml: is not there'],
  })
})

test('a file is named as its user named it, and its plan as the lab sees it', async () => {
  using lab = new CommandLine({ [file]: quick, 'experiments/bad.yaml': `${quick}repaet: 1\n` })
  const cwd = lab.at('experiments')
  expect(await lab.refused(['plan', './bad.yaml'], { cwd })).toMatch(/^2 benchbook: \.\/bad\.yaml:5:1: unknown key/)
  const { stdout } = await lab.run(['plan', 'x.yaml', '--json'], { cwd })
  expect(JSON.parse(stdout).experiment.file).toBe(file)
})

test('a cell that no machine like this can run is a plan with a reason, and a run of nothing is refused', async () => {
  using lab = new CommandLine({ [file]: `${quick}overrides: [{ set: { backend.threads: 1024 } }]\n` })
  const { exitCode, stdout } = await lab.run(['plan', file])
  expect([exitCode, stdout.match(/needs 1024 threads/g)?.length]).toEqual([0, 1])
  expect(await lab.refused(['run', file])).toMatch(
    /^4 benchbook: nothing of experiments\/x\.yaml can run here, every cell is skipped:\n  needs 1024 threads, this machine has \d+ cores?\n$/,
  )
})

test('a broken catalogue of the lab is told with its own place', async () => {
  expect(await refusal(quick, { 'data/catalogue/mine.yaml': 'models: { m: {} }\nmodles: {}\n' }))
    .toMatchInlineSnapshot(`
    "2 benchbook: data/catalogue/mine.yaml:1:14: models.m.artifacts: is missing: it must be a map of keys
        models: { m: {} }
    data/catalogue/mine.yaml:2:1: unknown key "modles", did you mean "models"?
        modles: {}
    "
  `)
})

test('a name that is nearly that of an experiment is told with the one that was meant', async () => {
  using lab = new CommandLine({ 'experiments/mine.yaml': 'name: mine\n' })
  const told: string[] = []
  for (const path of ['experiments/mine.yml', 'experiments/mien.yaml', 'mine.yaml', 'experiments/other.yaml'])
    told.push(await lab.refused(['plan', path]))
  told.push(await lab.refused(['plan', 'mine'], { cwd: lab.at('experiments') }))
  expect(told.join('')).toMatchInlineSnapshot(`
    "2 benchbook: experiments/mine.yml: is not there, did you mean "experiments/mine.yaml"?
    2 benchbook: experiments/mien.yaml: is not there, did you mean "experiments/mine.yaml"?
    2 benchbook: mine.yaml: is not there, did you mean "experiments/mine.yaml"?
    2 benchbook: experiments/other.yaml: is not there
    2 benchbook: mine: is not there, did you mean "mine.yaml"?
    "
  `)
  expect(await lab.refused(['plan', 'quickstart.yaml'])).toMatch(/did you mean "\S+\/experiments\/quickstart\.yaml"\?/)
})
