import { expect, test } from 'vitest'
import { Rounds } from '../../lib/backend/rounds.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Says which clients ask for a token in each turn of the event loop. */
function watched() {
  const rounds = new Rounds()
  const asked: number[] = []
  const ask = (client: number) => rounds.next(client).then(() => asked.push(client))
  const takeAsked = async () => {
    await turn()
    await turn()
    return asked.splice(0).toSorted((a, b) => a - b)
  }
  return { rounds, ask, takeAsked }
}

test('clients that decode ask for their next tokens together, however far apart the last ones came', async () => {
  const { ask, takeAsked } = watched()
  void ask(0)
  void ask(1)
  expect(await takeAsked()).toEqual([0, 1])
  void ask(1)
  expect(await takeAsked()).toEqual([])
  void ask(0)
  expect(await takeAsked()).toEqual([0, 1])
})

test('a client that takes its prompt in holds nobody up, and joins with its first token', async () => {
  const { ask, takeAsked } = watched()
  void ask(0)
  expect(await takeAsked()).toEqual([0])
  void ask(2)
  expect(await takeAsked()).toEqual([])
  void ask(0)
  expect(await takeAsked()).toEqual([0, 2])
})

test('a client that has ended is waited for no longer', async () => {
  const { rounds, ask, takeAsked } = watched()
  void ask(0)
  void ask(1)
  await takeAsked()
  void ask(1)
  expect(await takeAsked()).toEqual([])
  rounds.leave(0)
  expect(await takeAsked()).toEqual([1])
})

test('they ask in the order of their sequences, whatever the order in which they got their tokens', async () => {
  const rounds = new Rounds()
  const asked: number[] = []
  const ask = (client: number) => void rounds.next(client).then(() => asked.push(client))
  for (const each of [
    [0, 1, 2],
    [2, 0, 1],
  ]) {
    asked.length = 0
    for (const client of each) ask(client)
    await turn()
    await turn()
  }
  expect(asked).toEqual([0, 1, 2])
})
