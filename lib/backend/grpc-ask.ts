import { whyNotAsked } from '../domain/protocol-limits.ts'
import { EngineFailure } from '../domain/backend.ts'
import { type Fields, parsedFields } from '../wire/json-fields.ts'
import { cutWithoutKey } from './api-key.ts'
import type { Attachment, Protocol } from './protocol.ts'

/** Its library is loaded where it is needed alone. */
const openPool: NonNullable<Protocol['open']> = async (...args) =>
  (await import('../wire/grpc-pool.ts')).openGrpcPool(...args)

const graceMs = 10_000
const now = () => Number(process.hrtime.bigint())

/** What every protocol over gRPC shares; chats have no messages there. */
export const overGrpc = {
  accept: 'application/grpc',
  ending: 'a reason to stop',
  open: openPool,
  whyNot: (workload) => whyNotAsked('tgis', workload),
} satisfies Pick<Protocol, 'accept' | 'ending' | 'open' | 'whyNot'>

/** One answer to one question; throws an `EngineFailure` where there is none. */
export async function askOnce(
  { key, ...target }: Attachment,
  { path, body, headers = {} }: { path: string; body: object; headers?: Readonly<Record<string, string>> },
): Promise<Fields> {
  await using pool = await openPool(target, 1, { now, onLearned: () => {} })
  let answer = '{}'
  const { end } = await pool.stream(
    0,
    { path, headers: { ...headers, ...authorization(key) }, body: JSON.stringify(body) },
    { signal: AbortSignal.timeout(graceMs), onEvent: (data) => (answer = data) },
  )
  const method = path.slice(path.lastIndexOf('/') + 1)
  if (end.status === 'failed') throw new EngineFailure(end.reason, cutWithoutKey(`${method}: ${end.detail}`, key))
  return parsedFields(answer) ?? {}
}

const authorization = (key: string | undefined) => (key === undefined ? {} : { authorization: `Bearer ${key}` })
