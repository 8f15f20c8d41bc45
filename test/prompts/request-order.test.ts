import { expect, test } from 'vitest'
import { shuffled } from '../../lib/domain/seeded.ts'
import { requestOrder } from '../../lib/prompts/request-order.ts'

const singles = (count: number) => Array.from({ length: count }, () => ({}))
/** Conversations of so many turns each. */
const conversations = (...turns: number[]): { follows?: true }[] =>
  turns.flatMap((count) => [{}, ...Array.from({ length: count - 1 }, () => ({ follows: true as const }))])
const take = (order: ReturnType<typeof requestOrder>, client: number, count: number) =>
  Array.from({ length: count }, (_, index) => order.next(client, index))

test('what is listed keeps its order, and comes round', () => {
  const order = requestOrder({ jobs: singles(3), kind: 'listed', seed: 1 })
  expect(take(order, 0, 7)).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('a shared order is one shuffled order, whichever client asks', () => {
  const order = requestOrder({ jobs: singles(5), kind: 'shared', seed: 9 })
  const expected = shuffled([0, 1, 2, 3, 4], 9)
  expect(Array.from({ length: 10 }, (_, index) => order.next(index % 3, index))).toEqual([...expected, ...expected])
})

test('in an order of its own each client sends all before any comes again, no two in the same order', () => {
  const order = requestOrder({ jobs: singles(20), kind: 'client', seed: 9 })
  const sent = Array.from({ length: 8 }, (_, client) => take(order, client, 20))
  for (const one of sent) expect(one.toSorted((a, b) => a - b)).toEqual([...singles(20).keys()])
  expect(new Set(sent.map(String)).size).toBe(8)
})

test('a client of another process has the order that it would have in one', () => {
  const whole = requestOrder({ jobs: singles(20), kind: 'client', seed: 9 })
  const other = requestOrder({ jobs: singles(20), kind: 'client', seed: 9, part: 1, parts: 2 })
  take(whole, 2, 5)
  expect(take(other, 3, 20)).toEqual(take(whole, 3, 20))
})

test.each(['shared', 'client'] as const)('%s: a client sends the turns of a conversation without a break', (kind) => {
  const jobs = conversations(3, 1, 2, 4)
  const order = requestOrder({ jobs, kind, seed: 4 })
  const sent: number[][] = [[], []]
  for (let index = 0; index < 40; index += 1) sent[index % 2]?.push(order.next(index % 2, index))
  for (const jobsOf of sent)
    for (const [at, job] of jobsOf.entries()) {
      if (at === 0) expect(jobs[job]).toEqual({})
      else if (jobs[job]?.follows) expect(jobsOf[at - 1]).toBe(job - 1)
      else expect(jobs[(jobsOf[at - 1] as number) + 1]?.follows).toBeUndefined()
    }
})

test('clients of a shared order take different conversations, in the order that the seed drew', () => {
  const order = requestOrder({ jobs: conversations(2, 2, 2), kind: 'shared', seed: 4 })
  const begins = [0, 1, 2].map((client) => order.next(client, client))
  expect(begins).toEqual(shuffled([0, 2, 4], 4))
})

test('processes of one load begin different conversations', () => {
  const options = { jobs: conversations(2, 2, 2, 2), kind: 'shared', seed: 4, parts: 2 } as const
  const [a, b] = [requestOrder({ ...options, part: 0 }), requestOrder({ ...options, part: 1 })]
  const begun = [a.next(0, 0), b.next(1, 1), a.next(2, 2), b.next(3, 3)]
  expect(begun).toEqual(shuffled([0, 2, 4, 6], 4))
})

test('a conversation without an answer is left, and the next one begins', () => {
  const order = requestOrder({ jobs: conversations(3, 3), kind: 'client', seed: 1 })
  const first = order.next(0, 0)
  expect(order.next(0, 1)).toBe(first + 1)
  order.abandon(0)
  expect(order.next(0, 2)).toBe(first === 0 ? 3 : 0)
})
