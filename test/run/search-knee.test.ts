import { expect, test } from 'vitest'
import type { Tried } from '../../lib/run/find-knee.ts'
import { searchKnee } from '../../lib/run/search-knee.ts'
import { examplePlan } from '../store/example.ts'

const [cell] = examplePlan().cells
/** A server that is good up to a rate; the client is late above another. */
const tryAt =
  (capacity: number, clientTo = Number.POSITIVE_INFINITY) =>
  async (ratePerSecond: number): Promise<Tried> => {
    const probe = { ratePerSecond, goodput: Math.min(1, capacity / ratePerSecond), requests: 100 }
    if (ratePerSecond > clientTo) return { probe: { ...probe, invalid: 'client-late' }, verdict: 'client' }
    return { probe, verdict: probe.goodput >= 0.95 ? 'good' : 'missed' }
  }

const failing = async (ratePerSecond: number): Promise<Tried> => ({
  probe: { ratePerSecond, goodput: 0.25, requests: 8 },
  verdict: 'missed',
  failure: 'unreachable: nothing listens at 127.0.0.1:9',
})

async function search(tryRate: (rate: number) => Promise<Tried>) {
  const said: string[] = []
  const knee = await searchKnee(cell as never, tryRate, (line) => said.push(line)).catch((error: unknown) => error)
  return { knee, said }
}

test('every rate that is tried is told, and what was found', async () => {
  const { knee, said } = await search(tryAt(43))
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "looking for the knee of demo · f16 · chat: the highest rate at which 95 % are good
      1/s: 100 % good of 100 requests
      4/s: 100 % good of 100 requests
      16/s: 100 % good of 100 requests
      64/s: 67.2 % good of 100 requests
      32/s: 100 % good of 100 requests
      45.3/s: 94.9 % good of 100 requests
      45.3/s: 94.9 % good of 100 requests
      38.1/s: 100 % good of 100 requests
      41.5/s: 100 % good of 100 requests
      43.4/s: 99.1 % good of 100 requests
      the knee: 43/s"
  `)
  expect(knee).toMatchObject({ cellId: cell?.id, ratePerSecond: 43 })
})

test('a client that is late from some rate on is the limit', async () => {
  const { knee } = await search(tryAt(400, 30))
  expect(knee).toMatchObject({ atLeast: 'client', ratePerSecond: 29 })
})

test('a client that is late at every rate has a busy machine, and what is good in spite of it is good', async () => {
  const { knee } = await search(tryAt(43, 0))
  expect(knee).toMatchObject({ atLeast: 'client', ratePerSecond: 43 })
})

/** A load with too few clients above a rate. */
const fewAbove = (most: number) => async (ratePerSecond: number) => {
  if (ratePerSecond <= most) return tryAt(400)(ratePerSecond)
  const probe = { ratePerSecond, goodput: 1, requests: 100, waited: 0.4 }
  return { probe, verdict: 'too-few-clients' as const }
}

test('a load with too few clients is the limit, told with what to raise, and never taken for a busy machine', async () => {
  const { knee, said } = await search(fewAbove(30))
  expect(knee).toMatchObject({ atLeast: 'too-few-clients', ratePerSecond: 29 })
  expect(said[4]).toBe('  64/s: 100 % good of 100 requests (too few clients: 40 % waited for one)')
  expect(said.at(-1)).toBe(
    '  the knee: 29/s or more: above it arrivals waited for one of the clients: raise load.clients to see what the server bears',
  )
  expect(String((await search(fewAbove(0))).knee)).toMatchInlineSnapshot(
    `"UserError: no rate is good for demo · f16 · chat: at 0.05/s 100 % of 100 requests met the objectives (40 % waited for one of load.clients, 1): raise load.clients, or give a number for load.ratePerSecond"`,
  )
})

test('a narrow miss and an invalid one are tried once more, and the second counts', async () => {
  const tried: number[] = []
  const lucky = async (rate: number): Promise<Tried> => {
    tried.push(rate)
    const first = tried.filter((one) => one === rate).length === 1
    if (rate === 16 && first) return { probe: { ratePerSecond: rate, goodput: 0.9, requests: 96 }, verdict: 'missed' }
    if (rate === 4 && first)
      return { probe: { ratePerSecond: rate, goodput: 0.1, requests: 96, invalid: 'contention' }, verdict: 'missed' }
    return tryAt(100)(rate)
  }
  const { knee } = await search(lucky)
  expect(tried.slice(0, 6)).toEqual([1, 4, 4, 16, 16, 64])
  expect(knee).toMatchObject({ ratePerSecond: expect.closeTo(100, -1) })
})

test('where no rate is good it says how far the least of them was, and why', async () => {
  expect(String((await search(failing)).knee)).toMatchInlineSnapshot(
    `"UserError: no rate is good for demo · f16 · chat: at 0.05/s 25 % of 8 requests met the objectives (unreachable: nothing listens at 127.0.0.1:9): let them have more, or give a number for load.ratePerSecond"`,
  )
})
