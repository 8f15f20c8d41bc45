import { readdirSync, readlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type FaultKind, faultKinds, type FaultPlace, faultPlaces } from '../../lib/domain/emulation.ts'
import { Lab } from './lab.ts'

const faults = faultKinds.flatMap((kind) => faultPlaces.map((at) => ({ kind, at, name: `${kind}-${at}` })))
const experiment = `
name: faults
axes: { model: [m], quantization: [f16], backend: [${faults.map(({ name }) => name).join(', ')}] }
models: { m: { artifacts: { f16: { served: m } } } }
backends:
${faults.map(({ kind, at, name }) => `  ${name}: { kind: emulator, firstTokenMs: 5, tokenMs: 1, faults: [{ kind: ${kind}, at: ${at}, every: 2 }] }`).join('\n')}
workload: { kind: chat, prompts: [Hello], sampling: { maxTokens: 16 }, output: fixed }
load: { requests: 4 }
limits: { load: 30s, firstToken: 1s, stall: 500ms, trial: 30s, retries: 0 }
repeat: { blocks: 1, warmup: { requests: 0 } }
`

type Ending = readonly [reason: string | null, evidence: RegExp]
const twice = (ending: Ending) => [ending, ending]
const thrice = (ending: Ending) => [ending, ...twice(ending)]
const alike = (ending: Ending) => [ending, ...thrice(ending)]
const hangs: Ending[] = [
  ...twice(['first-token-timeout', /^no token came within 1000 ms; (no byte|\d+ bytes) of a response had come/]),
  ...twice(['stall', /^no further token came for 500 ms; \d+ bytes of a response had come: "HTTP/]),
]

// What becomes of a fault, by its place: before the headers, before the first event, in mid-stream, at the last event. An error
// that comes after the headers cannot have a status of its own. Of wrong usage nothing is seen in the request: its count is kept.
const ended = 'the server closed the connection'
const used = 'before a response, over a connection that had served a request'
const expected: Record<FaultKind, readonly Ending[]> = {
  reset: [
    ['connection-reset', new RegExp(`^read ECONNRESET ${used}`)],
    ...thrice(['connection-reset', /^read ECONNRESET$/]),
  ],
  'rate-limited': [
    ['rate-limited', /^429 Too Many Requests, Retry-After: 1: Too many requests/],
    ...thrice(['error-in-stream', /^the server said: Too many requests/]),
  ],
  'server-error': [
    ['server-error', /^500 Internal Server Error: The engine failed\.$/],
    ...thrice(['error-in-stream', /^the server said: The engine failed\.$/]),
  ],
  'error-in-stream': [
    ['error-in-stream', /^200, and the server said: The engine ran into an error\.$/],
    ...thrice(['error-in-stream', /^the server said: The engine ran into an error\.$/]),
  ],
  stall: hangs,
  'never-answers': hangs,
  garbage: [
    ['malformed-response', /^no HTTP response: ".*garbage/],
    ['malformed-response', /^a chunk that is no JSON object: .*garbage/],
    ...twice(['malformed-response', /^no chunk size: ".*garbage/]),
  ],
  'truncated-json': [
    ['malformed-response', /^200 of application\/json where text\/event-stream was asked for: \{"id":/],
    ...thrice(['malformed-response', /^a chunk that is no JSON object: \{"id":/]),
  ],
  'wrong-usage': alike([null, /^$/]),
  'early-close': [
    ['closed-early', new RegExp(`^${ended} ${used}`)],
    ...thrice(['closed-early', new RegExp(`^${ended} before the last chunk`)]),
  ],
}

type Row = {
  backend: string
  ordinal: number
  status: string
  reason: string | null
  detail: string | null
  doneUs: number
  tokens: number | null
  events: number | null
}
const sql = `SELECT json_extract(v.axes, '$.backend') AS backend, v.ordinal AS ordinal, v.status AS status, v.reason AS reason,
  v.detail AS detail, v.done_us AS doneUs, v.output_tokens AS tokens, json_array_length(r.event_deltas_us) AS events
  FROM v_request v JOIN request r ON r.id = v.request_id WHERE v.unused IS NULL`

test('each of forty faults ends as a row with its class and its evidence, and the session goes on', async () => {
  using lab = new Lab({ 'faults.yaml': experiment })
  const run = await lab.run('run', 'experiments/faults.yaml')
  expect(run.code, run.stderr).toBe(0)
  const rows = JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as Row[]
  expect(rows.length).toBe(40 * 4)
  for (const { kind, at, name } of faults) {
    const of = rows.filter(({ backend }) => backend === name).toSorted((a, b) => a.ordinal - b.ordinal)
    expectFault(
      of.filter(({ ordinal }) => ordinal % 2 === 1),
      kind,
      at,
    )
    for (const between of of.filter(({ ordinal }) => ordinal % 2 === 0))
      expect(between, name).toMatchObject({ status: 'ok', tokens: 16, events: 16 })
  }
  expect(processesIn(lab.root)).toEqual([])
})

function expectFault(rows: readonly Row[], kind: FaultKind, at: FaultPlace): void {
  const place = faultPlaces.indexOf(at)
  const [reason, evidence] = expected[kind][place] as Ending
  expect(rows.length).toBe(2)
  for (const row of rows) {
    expect(row, `${kind} ${at}`).toMatchObject({ status: reason === null ? 'ok' : 'failed', reason })
    expect(row.detail ?? '', `${kind} ${at}`).toMatch(evidence)
    expect(row.doneUs, `${kind} ${at}`).toBeLessThan(3e6)
    // What had come is kept: eight events of sixteen, or all but the last.
    if (reason !== null) expect(row.events ?? 0, `${kind} ${at}`).toBe([0, 0, 8, 15][place])
    else expect(row.tokens).not.toBe(16)
  }
}

/** Processes that have this folder as theirs: all that a run has started. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder
    } catch {
      return false // it has ended meanwhile
    }
  })
}
