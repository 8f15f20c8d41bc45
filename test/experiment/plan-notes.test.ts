import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import type { Objectives } from '../../lib/domain/plan.ts'
import { fileNotes, planNotes } from '../../lib/experiment/plan-notes.ts'
import { examplePlan } from '../store/example.ts'

const [cell] = examplePlan().cells as [Cell]
const open = { clients: 64, seed: 1, requests: 100 } as const
const notes = (load: object, objectives: Objectives = {}, backend: object = cell.config.backend) =>
  planNotes([{ ...cell, config: { ...cell.config, load, backend } } as Cell], objectives)
const poisson = (ratePerSecond: number | 'auto') => ({ kind: 'poisson', ratePerSecond, ...open })

test('a burst that is larger than the clients is known to wait', () => {
  expect(notes({ kind: 'burst', size: 65, everyMs: 1000, ...open })).toEqual([
    'a burst of 65 finds 64 clients, so that the others wait for one: raise load.clients',
  ])
  expect(notes({ kind: 'burst', size: 64, everyMs: 1000, ...open })).toEqual([])
})

test('fewer clients than answers within their objectives are at once are told; of a rate that is to be found nothing is known', () => {
  const promised = { e2e_scheduled_ms: 5000 }
  expect(notes(poisson(13), promised)).toEqual([
    'at 13/s answers that take up to 5000 ms, as the objectives allow, are up to 65 at once, load.clients is 64: raise it, or arrivals wait in the client for a server that is good',
  ])
  expect(notes({ kind: 'ramp', fromPerSecond: 13, toPerSecond: 0, ...open }, promised)).toHaveLength(1)
  expect([notes(poisson(12.8), promised), notes(poisson('auto'), promised), notes(poisson(13))]).toEqual([[], [], []])
})

test('an objective that does not see how long an arrival of an open load waited is told, and no other', () => {
  expect(notes(poisson(1), { ttft_ms: 200 })).toEqual([
    'objectives.ttft_ms counts from sending: of an open load it does not see how long an arrival waited for a client; for what users feel promise ttft_scheduled_ms',
  ])
  expect(notes(poisson(1), { ttft_ms: 200, ttft_scheduled_ms: 300 })).toEqual([])
  expect(notes(cell.config.load, { ttft_ms: 200 })).toEqual([])
})

test('tokens that nobody will count are told where that is known', () => {
  const mute = { kind: 'emulator', usage: 'none' }
  expect(notes(poisson(1), { tpot_ms: 20 }, mute)).toEqual([
    'objectives.tpot_ms needs the number of tokens, and usage is none: name a tokenizer in backend.tokenizer',
  ])
  expect(notes(poisson(1), { tpot_ms: 20 }, { ...mute, tokenizer: 'words' })).toEqual([])
  expect(notes(poisson(1), { ttft_scheduled_ms: 20 }, mute)).toEqual([])
  const silent = { name: 'served', kind: 'llama-cpp-python', launch: {} }
  expect(notes(poisson(1), {}, silent)).toEqual([
    'served: llama_cpp.server never says how many tokens it wrote, so nothing per token is known: name a tokenizer in backend.tokenizer',
  ])
  expect(notes(poisson(1), {}, { ...silent, tokenizer: 'words' })).toEqual([])
})

const far = (name: string, source: object, backend: object = cell.config.backend) =>
  ({
    ...cell,
    artifact: { digest: 'd', path: 'p', ...(name === 'known' && { commit: 'c' }) },
    config: { ...cell.config, model: { name }, artifact: source, backend },
  }) as Cell

test('what has to be fetched is one note for each model, of what would run and is not in a server already', () => {
  const bf16 = { kind: 'hf', repo: 'org/one', revision: 'main' }
  const awq = { kind: 'hf', repo: 'org/one-awq', revision: 'main' }
  const server = { kind: 'vllm', url: 'http://127.0.0.1:9' }
  const cells = [far('one', bf16), far('one', awq), far('one', bf16), far('known', bf16), far('served', bf16, server)]
  expect(planNotes(cells)).toMatchInlineSnapshot(`
    [
      "hf:org/one@main and hf:org/one-awq@main are not here, their sizes unknown: run fetches them after asking, or benchbook models pull hf:org/one@main hf:org/one-awq@main; its cells have other ids then",
      "hf:org/one@main is not here, its size unknown: run fetches it after asking, or benchbook models pull hf:org/one@main",
    ]
  `)
  expect(fileNotes(cells)).toEqual([])
})
