import type { Socket } from 'node:net'
import type { EmulatedRequest, Emulation } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'
import { type ServedCall, serveGrpc } from '../wire/grpc-serve.ts'
import { faultOf } from './emulated-faults.ts'
import { EmulatedWire } from './emulated-wire.ts'
import type { EmulatedWork } from './emulated-work.ts'
import { answeredAtOnce, readGrpcAsk } from './grpc-ask.ts'
import { GrpcResponse } from './grpc-response.ts'

/** What a server shares with its connections over gRPC. */
export type GrpcContext = {
  emulation: Emulation
  models: readonly string[]
  work: EmulatedWork
  now: () => Ns
  /** The number of the next request, over whichever protocol. */
  nextNumber: () => number
  onEnd: (truth: EmulatedRequest) => void
  /** Whether the server is being stopped. */
  isStopping: () => boolean
  /** It answers with a recording, which is one of HTTP. */
  isReplay: boolean
}

const unimplemented = 12

/** Serves a connection that began as HTTP/2: TGIS and Caikit. */
export function serveEmulatedGrpc(socket: Socket, begun: Buffer, context: GrpcContext): void {
  serveGrpc(socket, begun, { now: context.now, onCall: (call) => answered(call, context) })
}

function answered(call: ServedCall, context: GrpcContext): () => void {
  const { path, ask: text, answer, arrivalNs, headers, socket } = call
  const { emulation, models, work, now } = context
  const refused = (code: number, message: string) => {
    answer.end(code, message)
    return () => {}
  }
  const atOnce = answeredAtOnce(path, text)
  if (atOnce !== undefined) {
    answer.write(answer.frameOf(atOnce), 1, () => {})
    return refused(0, '')
  }
  const ask = readGrpcAsk(path, { ask: text, headers }, models)
  if ('code' in ask) return refused(ask.code, ask.message)
  if (context.isReplay) return refused(unimplemented, 'A recording of HTTP is replayed here: gRPC is not answered.')
  const number = context.nextNumber()
  let isEnded = false
  const response = new GrpcResponse({
    number,
    ask,
    answer,
    emulation,
    work,
    request: { method: 'POST', path, headers, body: '', arrivalNs },
    fault: faultOf(emulation.faults, number),
    wire: new EmulatedWire(socket, arrivalNs, now),
    createdS: 0,
    onEnd: (end) => ended(end),
  })
  const ended = (end: EmulatedRequest['end']) => {
    if (isEnded) return
    isEnded = true
    context.onEnd(response.stop(end, now()))
  }
  response.begin()
  return () => ended(context.isStopping() ? 'stopped' : 'client-left')
}
