import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { feelPieces } from '../../lib/cli/feel-text.ts'
import { LineBreaker } from '../../lib/cli/line-breaker.ts'
import { emulationShape } from '../../lib/experiment/emulation-shape.ts'
import { CommandLine } from './command-line.ts'

test('says where it listens, and how an experiment names it, until it is told to end', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout, stderr } = await lab.run(['emulate', '--set', 'tokenMs=7'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/)
  expect(stderr.replace(stdout.trim(), 'URL')).toMatchInlineSnapshot(`
    "use it in an experiment as (Ctrl-C ends it)
      backends: { mine: { kind: openai, url: "URL" } }
      models: { mine: { artifacts: { any: { served: "emulated" } } } }
    "
  `)
})

test('settings come from a file, from --set and from --fault, which count in this order', async () => {
  using lab = new CommandLine({ 'slow.yaml': 'kind: emulator\ntokenMs: 70\nslots: 2\n' })
  const faults = ['--fault', 'stall@last-event:10', '--fault', 'reset@mid-stream']
  const asked = ['emulate', '--config', 'slow.yaml', '--set', 'slots=4', '--model', 'a', '--model', 'b', ...faults]
  const { stdout } = await lab.run([...asked, '--json'])
  const { models, emulation } = JSON.parse(stdout) as { models: string[]; emulation: object }
  expect(models).toEqual(['a', 'b'])
  expect(emulation).toMatchObject({
    tokenMs: 70,
    slots: 4,
    firstTokenMs: 50,
    faults: [
      { kind: 'stall', at: 'last-event', every: 10 },
      { kind: 'reset', at: 'mid-stream', every: 1 },
    ],
  })
})

test('what it cannot be told', async () => {
  using lab = new CommandLine({
    'wrong.yaml': 'tokenMs: fast\nslot: 3\nfaults: [{ kind: reset, at: nowhere }]\n',
    'list.yaml': '- 1\n',
    'sub/empty.yaml': '# nothing yet\n',
    'noise.json': '{',
    'short.json': '{"deltasUs":[1,2],"lengths":[3],"bytes":"S0zLBQA="}',
    'few.json': '{"deltasUs":[1],"lengths":[30],"bytes":"S0wCAA=="}',
    'fields.json': '{"deltasUs":[-1],"bytes":""}',
    'slow.yaml': 'tokenMs: 70',
    'silent.http': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  })
  const lines = [
    ['--set', 'tokenMs', '--set', 'tokenMs=soon', '--set', 'tokenMS=1', '--set', 'slots=0', '--set', 'frobs=1'],
    ['--fault', 'reset', '--fault', 'rest@mid-stream', '--fault', 'reset@middle', '--fault', 'reset@mid-stream:0'],
    ['--config', 'wrong.yaml'],
    ['--config', 'list.yaml'],
    ['--config', 'sub/empty.yaml'],
    ['--config', 'nowhere.yaml'],
    ['--port', '70000'],
    ['--port', '1.5'],
    ['--host', '192.0.2.1'],
    ['--truth', 'no/such/folder'],
    ['--speed', '0', '--replay', 'silent.http'],
    ['--feel', 'fast'],
    ['--replay', 'nowhere.json'],
    ['--replay', 'noise.json'],
    ['--replay', 'short.json'],
    ['--replay', 'few.json'],
    ['--replay', 'fields.json'],
    ['--feel', '--replay', 'silent.http'],
    ['--speed', '2'],
    ['--replay', 'silent.http', '--set', 'tokenMs=7', '--config', 'slow.yaml', '--fault', 'reset@mid-stream'],
    ['--feel', '--port', '8000', '--host', '::1', '--model', 'a', '--truth', 'truth.ndjson', '--verbose'],
    ['--feel', '13', '--set', 'slots=4', '--set', 'jitter=0', '--set', 'role=none', '--set', 'tokenMs=7'],
    ['--feel', '13', '--replay', 'silent.http', '--set', 'seed=3'],
    ['--feel', '--speed', '2', '--fault', 'reset@mid-stream'],
  ]
  const said: string[] = []
  for (const line of lines) said.push(`$ emulate ${line.join(' ')}\n${await lab.refused(['emulate', ...line])}`)
  expect(said.join('')).toMatchInlineSnapshot(`
    "$ emulate --set tokenMs --set tokenMs=soon --set tokenMS=1 --set slots=0 --set frobs=1
    2 benchbook: --set tokenMs: must be a setting and a value, such as --set tokenMs=7
    --set tokenMS=1: there is no setting "tokenMS", did you mean "tokenMs"?
    --set frobs=1: there is no setting "frobs"; there are seed, firstTokenMs, promptTokenMs, tokenMs, jitter, slots, slowdown, role, tokensPerChunk, chunksPerWrite, usage, cached, faults
    --set tokenMs=soon: must be a number, got "soon"
    --set slots=0: must be at least 1, got 0
    $ emulate --fault reset --fault rest@mid-stream --fault reset@middle --fault reset@mid-stream:0
    2 benchbook: --fault reset: must be a kind, a place and of how many requests the last, such as reset@mid-stream:10
    --fault rest@mid-stream: there is no kind "rest", did you mean "reset"?
    --fault reset@middle: there is no place "middle"; there are before-headers, before-first-event, mid-stream or last-event
    --fault reset@mid-stream:0: must be a kind, a place and of how many requests the last, such as reset@mid-stream:10
    $ emulate --config wrong.yaml
    2 benchbook: wrong.yaml:1:10: tokenMs: must be a number, got "fast"
        tokenMs: fast
    wrong.yaml:2:1: slot: unknown key "slot", did you mean "slots"?
        slot: 3
    wrong.yaml:3:29: faults.0.at: must be one of before-headers, before-first-event, mid-stream, last-event, got "nowhere"
        faults: [{ kind: reset, at: nowhere }]
    $ emulate --config list.yaml
    2 benchbook: list.yaml: is a list, but must have settings such as "tokenMs: 7", one a line
    $ emulate --config sub/empty.yaml
    2 benchbook: sub/empty.yaml: is empty: it must have settings such as "tokenMs: 7", one a line
    $ emulate --config nowhere.yaml
    2 benchbook: nowhere.yaml: is not there
    $ emulate --port 70000
    2 benchbook: --port must be a whole number from 0 to 65535, got "70000"
    $ emulate --port 1.5
    2 benchbook: --port must be a whole number from 0 to 65535, got "1.5"
    $ emulate --host 192.0.2.1
    4 benchbook: cannot listen at 192.0.2.1:0: this machine has no such address: 127.0.0.1 is always there
    $ emulate --truth no/such/folder
    2 benchbook: the truth cannot be written to "/lab/no/such/folder" (ENOENT): name a file that can be written
    $ emulate --speed 0 --replay silent.http
    2 benchbook: --speed must be a number from 0.001 to 1000, got "0"
    $ emulate --feel fast
    2 benchbook: --feel must be a number from 0.01 to 10000, got "fast"
    $ emulate --replay nowhere.json
    2 benchbook: /lab/nowhere.json is no recorded stream: it cannot be read (ENOENT)
    $ emulate --replay noise.json
    2 benchbook: /lab/noise.json is no recorded stream: it is neither JSON nor a response that begins with HTTP/
    $ emulate --replay short.json
    2 benchbook: /lab/short.json is no recorded stream: it has not as many times as lengths
    $ emulate --replay few.json
    2 benchbook: /lab/few.json is no recorded stream: it has 2 bytes, and lengths of 30
    $ emulate --replay fields.json
    2 benchbook: /lab/fields.json is no recorded stream: deltasUs.0: must be at least 0, got -1; lengths: is missing: it must be a list
    $ emulate --feel --replay silent.http
    2 benchbook: the recorded stream has no text to show: name one of an answer
    $ emulate --speed 2
    2 benchbook: --speed is how fast a recording is replayed: name one with --replay, or leave it out
    $ emulate --replay silent.http --set tokenMs=7 --config slow.yaml --fault reset@mid-stream
    2 benchbook: --replay answers as it was recorded: leave out --set, --config, --fault, or --replay
    $ emulate --feel --port 8000 --host ::1 --model a --truth truth.ndjson --verbose
    2 benchbook: --feel serves nothing: leave out --port, --host, --model, --truth, --verbose, or --feel
    $ emulate --feel 13 --set slots=4 --set jitter=0 --set role=none --set tokenMs=7
    2 benchbook: --feel shows one answer to one reader: set seed, firstTokenMs, tokenMs or jitter, not slots=4, role=none
    --feel 13 and --set tokenMs both say the rate: leave one out
    $ emulate --feel 13 --replay silent.http --set seed=3
    2 benchbook: --replay answers as it was recorded: leave out --set, or --replay
    --feel 13 is a rate, and --replay has one of its own: take --speed, and --feel alone
    $ emulate --feel --speed 2 --fault reset@mid-stream
    2 benchbook: --speed is how fast a recording is replayed: name one with --replay, or leave it out
    --feel serves nothing: leave out --fault, or --feel
    "
  `)
})

test('a port that is taken is told, with the exit code of what is not there', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  using lab = new CommandLine()
  const port = String((server.address() as AddressInfo).port)
  const said = await lab.refused(['emulate', '--port', port])
  server.close()
  expect(said.replace(port, 'PORT')).toMatchInlineSnapshot(`
    "4 benchbook: cannot listen at 127.0.0.1:PORT: it is in use: end what listens there, or name another port (0 takes any that is free)
    "
  `)
})

test('--feel writes text at a rate, says the rate before and what came of it after', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout } = await lab.run(['emulate', '--feel', '2000', '--set', 'firstTokenMs=1'])
  expect(exitCode).toBe(0)
  expect(stdout.replace(/ in .* s: about \d+ words/, ' in TIME: about N words')).toMatchInlineSnapshot(`
    "2000 tokens/s, the first after 0.001 s

    Snow makes the fields look like paper on which nothing has been written. The
    tide comes in twice a day whether anyone is watching or not. A good clock does
    not hurry when the room is full. Somebody had left a bicycle against the wall
    of the old post office. The children built a boat from a door and two barrels.
    Rain fell on the harbour and the boats turned slowly to face the wind.

    101 tokens in TIME: about N words a minute, where people read about 238
    "
  `)
  // oxlint-disable-next-line no-control-regex -- what a file is not to get
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

test('--feel shows a recorded stream, and its figures as JSON', async () => {
  using lab = new CommandLine()
  const recorded = ['emulate', '--feel', '--replay', `${process.cwd()}/data/streams/vllm-chat.http`]
  expect((await lab.run(recorded)).stdout).toContain('The ferry leaves at nine, and the last one back at dusk.')
  const { stdout, stderr } = await lab.run([...recorded, '--json'])
  expect((JSON.parse(stdout) as { feel: object }).feel).toMatchObject({ tokens: 14 })
  expect(stderr).toContain('The ferry leaves')
})

test('text to feel has three words for four tokens, as tokenizers have', () => {
  const pieces = feelPieces(42, 400)
  const words = pieces.join('').trim().split(' ').length
  expect(words / pieces.length).toBeGreaterThan(0.7)
  expect(words / pieces.length).toBeLessThan(0.8)
  expect(pieces.at(-1)).toMatch(/\.$/)
})

/** The lines of words that come in pieces; the terminal is `columns` wide. */
function broken(pieces: readonly string[], columns: number): string[] {
  const lines = new LineBreaker(() => columns)
  return pieces
    .map((piece, at) => lines.put(piece, /^\S*/.exec(pieces.slice(at + 1).join(''))?.[0] ?? ''))
    .join('')
    .split('\n')
}

test('lines break between words, also where the end of a word comes later', () => {
  expect(broken([' four', ' fi', 've', ' a', '\n', ' six seven', 'teen', ' '], 11)).toEqual([
    'four five',
    'a',
    'six',
    'seventeen',
  ])
})

test('lines break by columns, of which Hangul and emoji take two, and where a word is longer than a line', () => {
  expect(broken(['큰', ' 바다', ' 위', '의 배'], 9)).toEqual(['큰 바다', '위의 배'])
  expect(broken(['港の船', 'は風に向', 'かう'], 9)).toEqual(['港の船は', '風に向か', 'う'])
  expect(broken(['🙂🙂', ' 👩', '\u200d', '💻🙂', '👩🏽\u200d💻'], 8)).toEqual(['🙂🙂', '👩\u200d💻🙂👩🏽\u200d💻'])
})

test('what comes after a terminal was made narrower or wider goes by its new width', () => {
  let columns = 20
  const lines = new LineBreaker(() => columns)
  const put = (text: string, rest = '') => lines.put(text, rest)
  expect(put('one two thr', 'ee')).toBe('one two thr')
  columns = 8 // the terminal shows `one two ` and `thr`
  expect(put('ee') + put(' four') + put(' five')).toBe('ee\nfour\nfive')
  columns = 20
  expect(put(' six') + put(' seventeen')).toBe(' six seventeen')
})

test('the reference of experiments lists every setting', () => {
  const reference = readFileSync('experiments/README.md', 'utf8')
  expect(Object.keys(emulationShape).filter((name) => !reference.includes(`\`${name}\``))).toEqual([])
})
