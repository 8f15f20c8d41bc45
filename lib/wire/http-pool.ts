import type { Ns } from '../domain/timeline.ts'
import { CloseHabit } from './close-habit.ts'
import { ConnectionPool } from './connection-pool.ts'
import { HttpConnection } from './http-connection.ts'
import { httpAddress } from './http-dial.ts'
import type { HttpTarget } from './http-exchange.ts'
import { ReadTurn } from './read-turn.ts'
import { RecorderBudget } from './stream-recorder.ts'

export type { HttpTarget, StreamOptions, StreamResult } from './http-exchange.ts'

type Options = {
  now: () => Ns
  onLearned?: () => void
  /** What an earlier pool at the same server has learned. */
  habit?: CloseHabit
}

/**
 * Opens `size` connections of HTTP/1.1. `onLearned` is called when it was seen twice that the server closes a connection after its
 * first response, without having said so: each request opens its own from then on. Throws an `EngineFailure` ('unreachable').
 */
export async function openHttpPool(
  target: HttpTarget,
  size: number,
  { now, onLearned = () => {}, habit = new CloseHabit(onLearned) }: Options,
): Promise<ConnectionPool> {
  const address = httpAddress(target)
  const context = { now, turn: new ReadTurn(), budget: new RecorderBudget(), habit }
  return new ConnectionPool(Array.from({ length: size }, () => new HttpConnection(address, context))).open()
}
