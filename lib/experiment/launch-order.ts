import { randomSequence, shuffled } from '../domain/seeded.ts'

/**
 * The order of every block. Each block has all of `places`, one after the other, and of each place all its items back to back.
 * Orders are drawn by chance and each of them runs as often as its reverse: of any two items either is first in half of the
 * blocks (of an odd number one block is left over). Which block has which order is chance as well: a rule, such as every second
 * block reversed (A B, B A), can swing with what a machine does at regular times.
 */
export function balancedOrders<T>(places: readonly (readonly T[])[], blocks: number, seed: number): T[][] {
  const random = randomSequence(seed)
  const nextSeed = () => Math.floor(random() * 2 ** 32)
  const orders: T[][] = []
  while (orders.length < blocks) {
    const order = shuffled(places, nextSeed()).flatMap((items) => shuffled(items, nextSeed()))
    orders.push(order, order.toReversed())
  }
  return shuffled(orders.slice(0, blocks), nextSeed())
}
