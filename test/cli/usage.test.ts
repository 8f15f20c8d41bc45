import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { helpExamples } from '../../lib/cli/help-examples.ts'
import { CommandLine, quick } from './command-line.ts'

/** What every line of a table says when it is typed into a lab with one experiment. */
async function saysTo(lines: readonly (readonly string[])[]): Promise<string> {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  const said: string[] = []
  for (const line of lines) said.push(`$ ${line.join(' ')}\n${await lab.refused(line)}`)
  return said.join('')
}

test('nothing asked for is answered with all there is', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout, stderr } = await lab.run([])
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^Usage: benchbook \[options\] \[command\]\n/)
})

test('what was asked for is no error', async () => {
  using lab = new CommandLine()
  for (const option of ['--help', '--version', '-h', '-V'])
    expect(await lab.run([option])).toMatchObject({ exitCode: 0, stderr: '' })
  expect((await lab.run(['run', '--help'])).stdout).toMatch(/^Usage: benchbook run \[options\] \[file...\]\n/)
})

test('the help of every command has examples of it, of options that it has, and leads to pages that there are', async () => {
  using lab = new CommandLine()
  const { stdout } = await lab.run(['--help'])
  const groups = ['notebook', 'models']
  const names = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map(([, name = '']) => name)
  const told = Object.keys(helpExamples).map((words) => words.split(' ')[0])
  expect(new Set(told)).toEqual(new Set(names.filter((name) => name !== 'benchbook')))
  for (const [words, { examples, more }] of Object.entries(helpExamples)) {
    const help = (await lab.run([...words.split(' '), '--help'])).stdout
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^${words}\\b`))
      for (const [option] of example.matchAll(/ (?:-[a-z]|--[a-z-]+)(?= |$)/g)) expect(help).toContain(option.trim())
    }
    const pages = more === undefined ? [] : [more].flat()
    for (const page of pages) expect([page, existsSync(page), help.includes(`/${page}\n`)]).toEqual([page, true, true])
  }
  for (const group of groups) {
    const listed = [...(await lab.run([group, '--help'])).stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)]
    expect(listed.map(([, name]) => `${group} ${name}`).filter((words) => !(words in helpExamples))).toEqual([])
  }
})

test('commands, options and arguments that there are not', async () => {
  const lines = [
    ['valdate', 'x.yaml'],
    ['frobnicate'],
    ['run', '--blokcs', '2', 'experiments/quick.yaml'],
    ['list', '--set', 'a=1'],
    ['list', 'latest'],
    ['plan', 'experiments/quick.yaml', 'experiments/quick.yaml'],
    ['plan'],
    ['validate'],
    ['show'],
    ['query'],
    ['report'],
    ['export', 'latest'],
    ['list', '--store'],
    ['plan', 'experiments/quick.yaml', '--set'],
  ]
  expect(await saysTo(lines)).toMatchInlineSnapshot(`
    "$ valdate x.yaml
    2 benchbook: unknown command 'valdate'
    (Did you mean validate?)
    (benchbook <command> --help lists what it takes)
    $ frobnicate
    2 benchbook: unknown command 'frobnicate'
    (benchbook <command> --help lists what it takes)
    $ run --blokcs 2 experiments/quick.yaml
    2 benchbook: unknown option '--blokcs'
    (Did you mean --blocks?)
    (benchbook <command> --help lists what it takes)
    $ list --set a=1
    2 benchbook: unknown option '--set'
    (benchbook <command> --help lists what it takes)
    $ list latest
    2 benchbook: too many arguments for 'list'. Expected 0 arguments but got 1: latest.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml experiments/quick.yaml
    2 benchbook: too many arguments for 'plan'. Expected 1 argument but got 2: experiments/quick.yaml, experiments/quick.yaml.
    (benchbook <command> --help lists what it takes)
    $ plan
    2 benchbook: missing required argument 'file'
    (benchbook <command> --help lists what it takes)
    $ validate
    2 benchbook: missing required argument 'file'
    (benchbook <command> --help lists what it takes)
    $ show
    2 benchbook: missing required argument 'id'
    (benchbook <command> --help lists what it takes)
    $ query
    2 benchbook: missing required argument 'sql'
    (benchbook <command> --help lists what it takes)
    $ report
    2 benchbook: name a plan or an experiment file (latest is the last plan), or give --all or --index
    $ export latest
    2 benchbook: required option '-o, --output <file>' not specified
    (benchbook <command> --help lists what it takes)
    $ list --store
    2 benchbook: option '--store <file>' argument missing
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --set
    2 benchbook: option '--set <path=value>' argument missing
    (benchbook <command> --help lists what it takes)
    "
  `)
})

test('sizes that cannot be meant', async () => {
  const lines = [
    ...['0', '-1', '1.5', 'x', '', '1001', '1e99'].map((blocks) => [
      'plan',
      'experiments/quick.yaml',
      '--blocks',
      blocks,
    ]),
    ['run', 'experiments/quick.yaml', '--blocks', '2', '--quick'],
    ['run', 'experiments/quick.yaml', '--rigorous', '--quick'],
  ]
  expect(await saysTo(lines)).toMatchInlineSnapshot(`
    "$ plan experiments/quick.yaml --blocks 0
    2 benchbook: option '--blocks <n>' argument '0' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks -1
    2 benchbook: option '--blocks <n>' argument '-1' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks 1.5
    2 benchbook: option '--blocks <n>' argument '1.5' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks x
    2 benchbook: option '--blocks <n>' argument 'x' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks 
    2 benchbook: option '--blocks <n>' argument '' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks 1001
    2 benchbook: option '--blocks <n>' argument '1001' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ plan experiments/quick.yaml --blocks 1e99
    2 benchbook: option '--blocks <n>' argument '1e99' is invalid. It is to be a whole number from 1 to 1000.
    (benchbook <command> --help lists what it takes)
    $ run experiments/quick.yaml --blocks 2 --quick
    2 benchbook: --blocks, --quick and --rigorous each say how many blocks: give one of them
    $ run experiments/quick.yaml --rigorous --quick
    2 benchbook: --blocks, --quick and --rigorous each say how many blocks: give one of them
    "
  `)
})

test('a run without a file, or with more than goes together', async () => {
  const lines = [
    ['run'],
    ['run', 'experiments/quick.yaml', '--resume'],
    ['run', '--resume', 'abc', '--dry-run'],
    ['run', '--dry-run'],
  ]
  expect(await saysTo(lines)).toMatchInlineSnapshot(`
    "$ run
    2 benchbook: name an experiment file to run, such as experiments/mine.yaml, or --resume
    $ run experiments/quick.yaml --resume
    2 benchbook: --resume goes on with a frozen plan: leave out experiments/quick.yaml, or leave out --resume
    $ run --resume abc --dry-run
    2 benchbook: --dry-run shows what a file would run: it does not go with --resume
    $ run --dry-run
    2 benchbook: name an experiment file to run, such as experiments/mine.yaml, or --resume
    "
  `)
})

test('bad settings', async () => {
  const settings = [
    '',
    '=1',
    'threads=2',
    'backend.threads',
    'backend.threads=',
    'backend.threads=two',
    'backend.threads=[1, 2',
    'backend.threads=1025',
    'backend=vllm',
    'load.clients.most=1',
    '__proto__.x=1',
    'limits.load=5',
    'backend.threads=!!js/function 1',
    'workload.prompts=*p',
  ]
  const lines = settings.map((setting) => ['plan', 'experiments/quick.yaml', '--set', setting])
  expect(await saysTo(lines)).toMatchInlineSnapshot(`
    "$ plan experiments/quick.yaml --set 
    2 benchbook: --set : must be a path and a value, such as --set backend.threads=2
    $ plan experiments/quick.yaml --set =1
    2 benchbook: --set =1: must be a path and a value, such as --set backend.threads=2
    $ plan experiments/quick.yaml --set threads=2
    2 benchbook: --set threads=2: "threads" is neither a name nor a dotted path, did you mean "backend.threads"?
    $ plan experiments/quick.yaml --set backend.threads
    2 benchbook: --set backend.threads: must be a path and a value, such as --set backend.threads=2
    $ plan experiments/quick.yaml --set backend.threads=
    2 benchbook: --set backend.threads=: has no value: write one after the "="
    $ plan experiments/quick.yaml --set backend.threads=two
    2 benchbook: --set backend.threads=two: must be a number, got "two"
    $ plan experiments/quick.yaml --set backend.threads=[1, 2
    2 benchbook: --set backend.threads=[1, 2: Flow sequence must end with a ]
    $ plan experiments/quick.yaml --set backend.threads=1025
    2 benchbook: --set backend.threads=1025: must be at most 1024, got 1025
    $ plan experiments/quick.yaml --set backend=vllm
    2 benchbook: --set backend=vllm: there is no backend "vllm"; there are llama.cpp, emulator
    $ plan experiments/quick.yaml --set load.clients.most=1
    2 benchbook: --set load.clients.most=1: load.clients: must be a number, got {"most":1}: set it whole
    $ plan experiments/quick.yaml --set __proto__.x=1
    2 benchbook: --set __proto__.x=1: "__proto__.x" is neither a name nor a dotted path: names are model, quantization, backend, hardware, workload; paths begin with model, backend, hardware, workload, load, warmup, limits
    $ plan experiments/quick.yaml --set limits.load=5
    2 benchbook: --set limits.load=5: must be a duration such as 500ms, 30s or 2m, got 5
    $ plan experiments/quick.yaml --set backend.threads=!!js/function 1
    2 benchbook: --set backend.threads=!!js/function 1: tags ("!…") are not used here: leave it out
    $ plan experiments/quick.yaml --set workload.prompts=*p
    2 benchbook: --set workload.prompts=*p: alias *p has no anchor &p before it
    "
  `)
})

test('all bad settings are told at once, by every command that takes them', async () => {
  using lab = new CommandLine({ 'experiments/quick.yaml': quick })
  const settings = ['--set', 'threads=2', '--set', 'backend.threads=two']
  const told = await Promise.all(
    ['validate', 'plan', 'run'].map((command) => lab.refused([command, 'experiments/quick.yaml', ...settings])),
  )
  expect(new Set(told).size).toBe(1)
  expect(told[0]).toMatchInlineSnapshot(`
    "2 benchbook: --set threads=2: "threads" is neither a name nor a dotted path, did you mean "backend.threads"?
    --set backend.threads=two: must be a number, got "two"
    "
  `)
})
