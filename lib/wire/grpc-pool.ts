import type { Ns } from '../domain/timeline.ts'
import { ConnectionPool } from './connection-pool.ts'
import { GrpcConnection } from './grpc-connection.ts'
import { grpcAddress } from './grpc-channel.ts'
import type { HttpTarget } from './http-exchange.ts'
import { ReadTurn } from './read-turn.ts'
import { RecorderBudget } from './stream-recorder.ts'

/**
 * Opens `size` channels, each with a connection of its own. A request's `path` is `/package.Service/Method`, its `body` the message as
 * JSON, its `headers` the metadata; `onEvent` gets each message of the answer as JSON. Throws an `EngineFailure` ('unreachable').
 */
export async function openGrpcPool(
  target: HttpTarget,
  size: number,
  { now }: { now: () => Ns },
): Promise<ConnectionPool> {
  const address = grpcAddress(target)
  const context = { now, turn: new ReadTurn(), budget: new RecorderBudget() }
  return new ConnectionPool(Array.from({ length: size }, () => new GrpcConnection(address, context))).open()
}
