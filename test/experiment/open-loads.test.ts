import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expand, refused } from './fixture.ts'

let labRoot = ''
beforeAll(() => {
  labRoot = mkdtempSync(join(tmpdir(), 'benchbook-open-'))
  writeFileSync(join(labRoot, 'day.txt'), '100\n100.5\n103\n')
  writeFileSync(join(labRoot, 'same.jsonl'), '{"timestamp":7}\n{"timestamp":7.5}\n{"timestamp":10}\n')
  writeFileSync(join(labRoot, 'other.txt'), '100\n100.5\n104\n')
  writeFileSync(join(labRoot, 'bad.txt'), '100\nsoon\n')
})
afterAll(() => rmSync(labRoot, { recursive: true }))

const file = (load: string, workload = 'write') =>
  `name: x\naxes: { model: [sole], workload: [${workload}] }\nload: ${load}\n`
const cellOf = async (load: string) => (await expand(file(load), { folders: { labRoot } })).cells[0]
const refusal = (load: string, workload?: string) => refused(file(load, workload), { folders: { labRoot } })

test('each kind of arrivals has its defaults', async () => {
  expect((await cellOf('{ kind: poisson, ratePerSecond: 20, requests: 100 }'))?.config.load).toEqual({
    kind: 'poisson',
    ratePerSecond: 20,
    clients: 64,
    seed: 42,
    requests: 100,
  })
  expect((await cellOf('{ kind: burst, size: 5, every: 2s, duration: 10s }'))?.config.load).toEqual({
    kind: 'burst',
    size: 5,
    everyMs: 2000,
    clients: 64,
    seed: 42,
    durationMs: 10_000,
  })
})

test('a trace is read into the cell; without another end it is sent whole', async () => {
  const trace = { kind: 'trace', file: 'day.txt', speed: 1, clients: 3, seed: 42, arrivalsMs: [0, 500, 3000] }
  expect((await cellOf('{ kind: trace, file: day.txt, clients: 3 }'))?.config.load).toEqual({ ...trace, requests: 3 })
  expect((await cellOf('{ kind: trace, file: day.txt, clients: 3, duration: 2s }'))?.config.load).toEqual({
    ...trace,
    durationMs: 2000,
  })
})

const idOf = async (name: string) => (await cellOf(`{ kind: trace, file: ${name}, clients: 3 }`))?.id
test('the times of a trace are its identity, and not the name of its file', async () => {
  expect(await idOf('same.jsonl')).toBe(await idOf('day.txt'))
  expect(await idOf('other.txt')).not.toBe(await idOf('day.txt'))
})

test('what the fields of a cell are does not list its arrivals', async () => {
  const { cells, originsOf } = await expand(file('{ kind: trace, file: day.txt, clients: 3 }'), {
    folders: { labRoot },
  })
  const fields = originsOf(cells[0] as (typeof cells)[number])
  expect(fields.filter(({ path }) => path.startsWith('load')).map(({ path }) => path)).toEqual([
    'load.kind',
    'load.file',
    'load.speed',
    'load.clients',
    'load.seed',
  ])
})

test('an open load that cannot be is refused with what to do', async () => {
  const refusals = [
    await refusal('{ kind: poisson, ratePerSecond: 0.01, duration: 10s }'),
    await refusal('{ kind: constant, ratePerSecond: 50000, duration: 60s }'),
    await refusal('{ kind: constant, ratePerSecond: 0.1, clients: 1, requests: 200 }'),
    await refusal('{ kind: ramp, fromPerSecond: 0, toPerSecond: 0, duration: 10s }'),
    await refusal('{ kind: poisson, ratePerSecond: 5, clients: 1, requests: 100 }', 'bench'),
    await refusal('{ kind: poisson, ratePerSecond: 5, clients: 1, requests: 100 }', 'score'),
    await refusal('{ kind: trace, file: day.txt, clients: 1, requests: 4 }'),
    await refusal('{ kind: trace, file: day.txt, clients: 1, duration: 10s }'),
    await refusal('{ kind: trace, file: bad.txt, clients: 1 }'),
    await refusal('{ kind: trace, file: none.txt, clients: 1 }'),
  ]
  expect(refusals.join('\n\n')).toMatchInlineSnapshot(`
    "x.yaml:3:55: within load.duration, 10 s, no more than 1 arrives: raise load.duration, or load.ratePerSecond
        …: { kind: poisson, ratePerSecond: 0.01, duration: 10s }

    x.yaml:3:57: within load.duration, 60 s, 3000000 would arrive, more than 1000000: lower load.duration, or load.ratePerSecond
        …{ kind: constant, ratePerSecond: 50000, duration: 60s }

    x.yaml:3:67: load.requests is 200, which take 1990 s to arrive, and limits.trial 900 s: raise limits.trial or load.ratePerSecond, or take fewer
        …nstant, ratePerSecond: 0.1, clients: 1, requests: 200 }

    x.yaml:3:52: from 0 to 0 nothing arrives: raise load.toPerSecond, or load.fromPerSecond
        …oad: { kind: ramp, fromPerSecond: 0, toPerSecond: 0, duration: 10s }

    x.yaml:3:15: poisson sends requests at moments of their own; workload "bench" is prefill-decode, which has no arrivals: take load.kind closed, or a completion or chat
        load: { kind: poisson, ratePerSecond: 5, clients: 1, requests: 100 }

    x.yaml:3:15: poisson sends requests at moments of their own; workload "score" is perplexity, which has no arrivals: take load.kind closed, or a completion or chat
        load: { kind: poisson, ratePerSecond: 5, clients: 1, requests: 100 }

    x.yaml:3:59: day.txt has 3 arrivals, fewer than load.requests, 4: take as many at most
        …kind: trace, file: day.txt, clients: 1, requests: 4 }

    x.yaml:3:59: day.txt ends after 3 s, before load.duration, 10 s: shorten load.duration, or leave it out for all of the trace
        …kind: trace, file: day.txt, clients: 1, duration: 10s }

    bad.txt:2:1: is not one JSON value in one line
        soon

    x.yaml:3:28: load.file: none.txt is not there
        load: { kind: trace, file: none.txt, clients: 1 }"
  `)
})
