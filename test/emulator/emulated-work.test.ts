import { expect, test } from 'vitest'
import { Agenda } from '../../lib/emulator/agenda.ts'
import { jitterFactors } from '../../lib/emulator/emulated-draws.ts'
import { chunkSizes, EmulatedWork, type Taken } from '../../lib/emulator/emulated-work.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { evenly } from './emulation.ts'

/** An engine whose clock jumps to what is due next; each task says its start and its chunks in milliseconds. */
function engine(timing: Partial<typeof evenly> = {}) {
  const agenda = new Agenda()
  const work = new EmulatedWork({ ...evenly, ...timing }, agenda)
  const ask = (atMs: number, tokens: number, promptTokens = 0, factor = () => 1) => {
    const seen = { startMs: Number.NaN, chunksMs: [] as number[] }
    const task = {
      promptTokens,
      chunks: chunkSizes(tokens, timing.tokensPerChunk ?? 1),
      factor,
      onStart: (ns: number) => void (seen.startMs = ns / 1e6),
      onChunk: (_: number, ns: number) => void seen.chunksMs.push(ns / 1e6),
    }
    return { seen, taken: work.join(task, atMs * 1e6) }
  }
  const run = (untilMs = Infinity) => {
    for (let due = agenda.take(untilMs * 1e6); due !== undefined; due = agenda.take(untilMs * 1e6)) due.run()
  }
  return { ask, run }
}

test('a request alone gets its first token after its prompt and the others evenly', () => {
  const { ask, run } = engine({ promptTokenMs: 0.5 })
  const { seen } = ask(7, 4, 20)
  run()
  expect(seen).toEqual({ startMs: 7, chunksMs: [67, 77, 87, 97] })
})

test('a chunk of several tokens takes their times together, the first one comes as soon as its first token', () => {
  const { ask, run } = engine({ tokensPerChunk: 3 })
  const { seen } = ask(0, 8)
  run()
  expect(seen.chunksMs).toEqual([50, 80, 100])
})

test('what finds no slot waits, first come, first served, and starts when a slot was due to be free', () => {
  const { ask, run } = engine({ slots: 2 })
  const asked = [ask(0, 3), ask(1, 1), ask(2, 1), ask(3, 1)]
  run()
  expect(asked.map(({ seen }) => [seen.startMs, ...seen.chunksMs])).toEqual([
    [0, 50, 60, 70],
    [1, 51],
    [51, 101],
    [70, 120],
  ])
})

test('each further request at work slows all of them, from their next token on', () => {
  const { ask, run } = engine({ slowdown: 0.5 })
  const first = ask(0, 3)
  run(50) // its first token; what comes next has begun
  const second = ask(55, 1)
  run()
  expect(first.seen.chunksMs).toEqual([50, 60, 75])
  expect(second.seen.chunksMs).toEqual([130])
})

test('who leaves makes room, at work and in the queue', () => {
  const { ask, run } = engine({ slots: 1 })
  const first = ask(0, 100)
  const leaving = ask(1, 1)
  const last = ask(2, 1)
  leaving.taken.leave(3e6)
  run(60)
  first.taken.leave(65e6)
  run()
  expect(first.seen.chunksMs).toEqual([50, 60])
  expect(leaving.seen.chunksMs).toEqual([])
  expect(last.seen).toEqual({ startMs: 65, chunksMs: [115] })
})

test('a task may leave inside its own chunk', () => {
  const agenda = new Agenda()
  const work = new EmulatedWork(evenly, agenda)
  const chunks: number[] = []
  const onChunk = (index: number, dueNs: number) => {
    chunks.push(index)
    if (index === 1) taken.leave(dueNs)
  }
  const taken: Taken = work.join({ promptTokens: 0, chunks: [1, 1, 1], factor: () => 1, onStart: () => {}, onChunk }, 0)
  for (let due = agenda.take(Infinity); due !== undefined; due = agenda.take(Infinity)) due.run()
  expect(chunks).toEqual([0, 1])
})

test('draws belong to a request: what runs beside it changes none of them', () => {
  const alone = engine()
  const { seen } = alone.ask(0, 20, 0, jitterFactors(1, 5, 0.3))
  alone.run()
  const together = engine()
  const others = [3, 4].map((number) => together.ask(0, 20, 0, jitterFactors(1, number, 0.3)))
  const same = together.ask(0, 20, 0, jitterFactors(1, 5, 0.3))
  together.run()
  expect(same.seen.chunksMs).toEqual(seen.chunksMs)
  expect(others[0]?.seen.chunksMs).not.toEqual(seen.chunksMs)
})

test('jitter keeps the mean and has the coefficient of variation that was asked for', () => {
  const factor = jitterFactors(7, 0, 0.4)
  const draws = Array.from({ length: 200_000 }, factor)
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length
  expect(mean).toBeCloseTo(1, 2)
  expect(Math.sqrt(variance) / mean).toBeCloseTo(0.4, 2)
  expect(draws.every((draw) => draw > 0)).toBe(true)
})

test('the agenda gives what is due in the order of its times, and of its coming where they are equal', () => {
  const random = randomSequence(3)
  const agenda = new Agenda()
  const taken: (readonly [number, number])[] = []
  const dues = Array.from({ length: 1000 }, (_, order) => {
    const dueNs = Math.floor(random() * 100)
    return { dueNs, order, run: () => void taken.push([dueNs, order]) }
  })
  for (const due of dues) agenda.add(due)
  expect(agenda.take(-1)).toBeUndefined()
  for (let due = agenda.take(Infinity); due !== undefined; due = agenda.take(Infinity)) due.run()
  const sorted = dues.toSorted((a, b) => a.dueNs - b.dueNs || a.order - b.order)
  expect(taken).toEqual(sorted.map(({ dueNs, order }) => [dueNs, order]))
})
