import { expect, test } from 'vitest'
import { ReadTurn } from '../../lib/wire/read-turn.ts'

const turnOver = () => new Promise<void>((resolve) => setImmediate(resolve))

test('what was read in a turn is parsed at its end, in order', async () => {
  const turn = new ReadTurn()
  const parsed: number[] = []
  for (const one of [1, 2, 3]) turn.add({ parse: () => parsed.push(one) })
  expect(parsed).toEqual([])
  await turnOver()
  expect(parsed).toEqual([1, 2, 3])
})

test('of many some are parsed, then sockets are looked at before the others are', async () => {
  const turn = new ReadTurn()
  const parsed: string[] = []
  for (let i = 0; i < 20; i += 1) turn.add({ parse: () => parsed.push(`old ${i}`) })
  await turnOver()
  const first = parsed.length
  expect(first).toBeLessThan(20)
  turn.add({ parse: () => parsed.push('new') })
  while (parsed.length < 21) await turnOver()
  expect(parsed).toEqual([...Array.from({ length: 20 }, (_, i) => `old ${i}`), 'new'])
})

test('a queue that is never empty keeps its order, and takes no more places the longer it goes on', async () => {
  const turn = new ReadTurn()
  const parsed: number[] = []
  const total = 10_000
  let most = 0
  for (let one = 0; one < 20; one += 1) {
    const waiting = {
      parse: () => {
        parsed.push(one)
        if (parsed.length < total) turn.add(waiting)
        most = Math.max(most, turn.places)
      },
    }
    turn.add(waiting)
  }
  while (parsed.length < total + 19) await turnOver()
  expect(most).toBeLessThan(1100)
  expect(parsed).toEqual(Array.from({ length: total + 19 }, (_, i) => i % 20))
})

test('one that throws keeps none of the others waiting', async () => {
  const turn = new ReadTurn()
  const parsed: number[] = []
  const caught = new Promise((resolve) => process.once('uncaughtException', resolve))
  turn.add({
    parse: () => {
      throw new Error('of its own')
    },
  })
  turn.add({ parse: () => parsed.push(2) })
  expect(await caught).toMatchObject({ message: 'of its own' })
  await turnOver()
  expect(parsed).toEqual([2])
})
