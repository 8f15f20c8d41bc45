import { expect, test } from 'vitest'
import type { StartLines } from '../../lib/telemetry/gpu-lines.ts'
import { watchGpuCards } from '../../lib/telemetry/gpu-cards.ts'
import { cardId } from './gpu-lines.ts'

// Written from the documentation of `nvidia-smi --help-query-gpu`, not recorded: no such card is in the machines of the tests.
const [a, b] = [cardId(1), cardId(2)]
const lines = {
  first: `0, 1024, 600, 43, 55, 120.34, 1410, 0x0000000000000004, ${a}`,
  second: `1, 2048, 600, 57, 61, 80.66, 1380, 0x0000000000000020, ${b}`,
  laptop: `0, 512, [N/A], [Not Supported], 49, [N/A], 300, [Unknown Error], ${a}`,
}
const mebibyte = 1024 * 1024
const none: ReadonlySet<string> = new Set()

/** Programs that print these lines at once, one after the other. */
async function watching(prints: readonly (readonly string[])[], visible?: string) {
  let nowMs = 0
  const queries: string[] = []
  const start: StartLines = ([, query = '']) => {
    const printed = prints[queries.length] ?? []
    queries.push(query)
    return {
      lines: (async function* () {
        yield* printed
      })(),
      stop: async () => {},
    }
  }
  const cards = watchGpuCards({ nowMs: () => nowMs, intervalMs: 500, visible, start })
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
  return { cards, queries, pass: (ms: number) => (nowMs += ms) }
}

test('a card is what its last line says', async () => {
  const { cards, queries } = await watching([[lines.second.replace('57', '1'), lines.second]])
  expect(cards.sample(none)).toEqual({
    gpuUsedBytes: 2048 * mebibyte,
    gpuReservedBytes: 600 * mebibyte,
    gpuUtilization: 57,
    gpuCelsius: 61,
    gpuPowerW: 80.66,
    gpuSmMhz: 1380,
    gpuSlowdowns: 0x20,
  })
  expect(queries).toEqual([
    '--query-gpu=index,memory.used,memory.reserved,utilization.gpu,temperature.gpu,power.draw,clocks.sm,clocks_event_reasons.active,uuid',
  ])
})

test('several cards are added up, or as the busy, the hot and the slow one has it', async () => {
  const { cards } = await watching([[lines.first, lines.second]])
  expect(cards.sample(none)).toEqual({
    gpuUsedBytes: 3072 * mebibyte,
    gpuReservedBytes: 1200 * mebibyte,
    gpuUtilization: 50,
    gpuCelsius: 61,
    gpuPowerW: 201,
    gpuSmMhz: 1380,
    gpuSlowdowns: 0x24,
  })
})

const power = async (visible: string | undefined, ours: ReadonlySet<string> = none) => {
  const { cards } = await watching([[lines.first, lines.second]], visible)
  return cards.sample(ours).gpuPowerW
}

test('where the engine holds memory on a card, that one counts, and else those that it may see', async () => {
  expect(await power('0', new Set([b]))).toBe(80.66)
  expect(await power('1')).toBe(80.66)
  expect(await power('1, 0')).toBe(201)
  expect(await power(a)).toBe(120.34)
  expect(await power('gpu-00000002')).toBe(80.66)
  expect(await power(`MIG-${b}/1/0`)).toBe(80.66)
  expect(await power('0,-1,1'), 'nothing after what is no card').toBe(120.34)
  expect(await power('')).toBeUndefined()
  expect(await power(undefined, new Set([cardId(9)])), 'a card of which nothing is known').toBe(201)
})

test('what a card does not know is absent, and then of all cards', async () => {
  const { cards } = await watching([[lines.laptop]])
  expect(cards.sample(none)).toEqual({ gpuUsedBytes: 512 * mebibyte, gpuCelsius: 49, gpuSmMhz: 300 })
  const { cards: both } = await watching([[lines.laptop, lines.second]])
  expect(both.sample(none)).toEqual({ gpuUsedBytes: 2560 * mebibyte, gpuCelsius: 61, gpuSmMhz: 300 })
})

test('lines that were cut off, or are none, say nothing', async () => {
  const half = [lines.first.slice(0, -3), lines.first.slice(0, 30), '', 'No devices were found', `0, 5, ${a}`]
  const { cards } = await watching([half])
  expect(cards.sample(none)).toEqual({})
})

const refused = (field: string) => [`Field "${field}" is not a valid field to query.`, '']

test('a driver that does not know a field is asked by its older name, or without it', async () => {
  const { cards, queries } = await watching([
    refused('clocks_event_reasons.active'),
    refused('memory.reserved'),
    [`0, 1024, 43, 55, 120.34, 1410, 0x0000000000000004, ${a}`],
  ])
  expect(queries.slice(1)).toEqual([
    '--query-gpu=index,memory.used,memory.reserved,utilization.gpu,temperature.gpu,power.draw,clocks.sm,clocks_throttle_reasons.active,uuid',
    '--query-gpu=index,memory.used,utilization.gpu,temperature.gpu,power.draw,clocks.sm,clocks_throttle_reasons.active,uuid',
  ])
  expect(cards.sample(none)).toMatchObject({ gpuUsedBytes: 1024 * mebibyte, gpuUtilization: 43, gpuSlowdowns: 4 })
})

test('a card that says nothing for four rounds is unknown', async () => {
  const { cards, pass } = await watching([[lines.first]])
  pass(2000)
  expect(cards.sample(none)).toHaveProperty('gpuPowerW')
  pass(1)
  expect(cards.sample(none)).toEqual({})
})
