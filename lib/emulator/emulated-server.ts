import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { type EmulatedRequest, type Emulation } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { CannedResponses, isNullServer, warmUp } from './canned-responses.ts'
import { aboutJson } from './emulated-about.ts'
import type { Ask } from './emulated-ask.ts'
import { type Answer, serveConnection } from './emulated-connection.ts'
import { faultOf } from './emulated-faults.ts'
import { jsonResponse, responseHead } from './emulated-head.ts'
import { voices } from './emulated-paths.ts'
import { EmulatedTruth } from './emulated-truth.ts'
import { asciiJson, type Voice } from './emulated-voice.ts'
import { EmulatedWire } from './emulated-wire.ts'
import { EmulatedWork } from './emulated-work.ts'
import { errorJson } from './openai-script.ts'
import { OllamaMemory } from './ollama-memory.ts'
import { Punctual } from './punctual.ts'
import type { Recording } from './read-recording.ts'
import { ReplayedResponse } from './replayed-response.ts'
import type { ReceivedRequest } from './request-reader.ts'
import { sniffed } from './sniffed.ts'
import { StreamedResponse } from './streamed-response.ts'
import { WholeResponse } from './whole-response.ts'

/** What an emulated server is started with. */
export type ServerOptions = {
  emulation: Emulation
  /** The names of its models; `*` stands for any. */
  models: readonly string[]
  /** 127.0.0.1 by default. */
  host?: string
  /** 0, the default: any that is free. */
  port?: number
  /** Where one line of JSON per request goes. */
  truthFile?: string | undefined
  /** Every answer is this recording, so many times as fast. */
  replay?: { recording: Recording; speed: number }
  log?: (line: string) => void
}

const now = (): Ns => Number(process.hrtime.bigint())

/** An emulated server, in this process. */
export class EmulatedServer implements AsyncDisposable {
  readonly url: string
  readonly #options: ServerOptions
  readonly #server: Server
  readonly #truth: EmulatedTruth
  readonly #punctual = new Punctual(now)
  readonly #work: EmulatedWork
  readonly #canned: CannedResponses | undefined
  readonly #memory: OllamaMemory
  readonly #sockets = new Set<Socket>()
  readonly #createdS = Math.floor(Date.now() / 1000)
  #number = 0
  #stopping = false

  /** Begins to listen. Throws a `UserError` where that cannot be, which says why. */
  static async start(options: ServerOptions): Promise<EmulatedServer> {
    const { host = '127.0.0.1', port = 0 } = options
    const truth = await EmulatedTruth.open(options.truthFile)
    const server = createServer()
    warmUp(options.emulation)
    try {
      server.listen({ host, port })
      await once(server, 'listening')
    } catch (error) {
      await truth[Symbol.asyncDispose]()
      throw cannotListen(host, port, error as NodeJS.ErrnoException)
    }
    return new EmulatedServer(options, server, truth)
  }

  private constructor(options: ServerOptions, server: Server, truth: EmulatedTruth) {
    const { address, family, port } = server.address() as AddressInfo
    this.url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    this.#options = options
    this.#server = server
    this.#truth = truth
    this.#memory = new OllamaMemory(options.models)
    this.#work = new EmulatedWork(options.emulation, this.#punctual)
    this.#canned =
      options.replay === undefined && isNullServer(options.emulation)
        ? new CannedResponses(options.emulation)
        : undefined
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {}) // a client that leaves without a word: `close` follows
      socket.setNoDelay(true)
      sniffed(
        socket,
        () => serveConnection(socket, this.#answer, now),
        (begun) => void this.#serveGrpc(socket, begun),
      )
    })
  }

  /** Its library is loaded with the first connection that needs it. */
  async #serveGrpc(socket: Socket, begun: Buffer): Promise<void> {
    socket.pause()
    const { serveEmulatedGrpc } = await import('./emulated-grpc.ts')
    const { emulation, models, replay } = this.#options
    serveEmulatedGrpc(socket, begun, {
      emulation,
      models,
      work: this.#work,
      now,
      nextNumber: () => this.#number++,
      onEnd: (truth) => this.#ended(truth),
      isStopping: () => this.#stopping,
      isReplay: replay !== undefined,
    })
  }

  readonly #answer: Answer = (request, socket, done) => {
    const voice = voices[request.path]
    const atOnce = this.#memory.heard(request)
    if (voice !== undefined && request.method === 'POST' && atOnce === undefined)
      return this.#generate(voice, request, { socket, done })
    socket.write(atOnce === undefined ? this.#plainAnswer(request) : jsonResponse(200, atOnce), 'latin1')
    done()
    return undefined
  }

  #plainAnswer(request: ReceivedRequest): string {
    const { method, path } = request
    const { models } = this.#options
    if (path in voices) return jsonResponse(405, errorJson({ message: 'POST it.', type: 'invalid_request_error' }))
    const running = () => this.#memory.running(Date.now())
    const about = aboutJson(request, { models, createdS: this.#createdS, running })
    if (about !== undefined) return jsonResponse(200, asciiJson(about))
    if (method !== 'GET') return notFound(method, path)
    if (path === '/health') return responseHead(200, { 'content-length': 0 })
    return path === '/emulator/truth' ? textResponse(this.#truth.lines()) : notFound(method, path)
  }

  #generate(voice: Voice, request: ReceivedRequest, { socket, done }: { socket: Socket; done: () => void }) {
    const ask = voice.readAsk(request.body, this.#options.models)
    if ('status' in ask) {
      socket.write(jsonResponse(ask.status, voice.errorJson(ask)), 'latin1')
      done()
      return undefined
    }
    const number = this.#number++
    const wire = new EmulatedWire(socket, request.arrivalNs, now)
    if (this.#canned !== undefined) {
      this.#ended(this.#canned.answer(number, ask, { request, wire, voice }))
      done()
      return undefined
    }
    const response = this.#respond({ number, ask, voice, request, wire }, done)
    return () => this.#ended(response.stop(this.#stopping ? 'stopped' : 'client-left', now()))
  }

  #respond(
    asked: { number: number; ask: Ask; voice: Voice; request: ReceivedRequest; wire: EmulatedWire },
    done: () => void,
  ): StreamedResponse | WholeResponse | ReplayedResponse {
    const { emulation, replay } = this.#options
    const fault = faultOf(emulation.faults, asked.number)
    const onEnd = (end: 'whole' | 'fault') => {
      this.#ended(response.stop(end, now()))
      done()
    }
    const make = asked.ask.stream ? StreamedResponse : WholeResponse
    const response =
      replay === undefined
        ? new make({ ...asked, emulation, fault, work: this.#work, createdS: this.#createdS, onEnd })
        : new ReplayedResponse({ ...asked, onEnd }, replay, this.#punctual)
    response.begin()
    return response
  }

  #ended(truth: EmulatedRequest): void {
    this.#truth.add(truth)
    this.#options.log?.(logLine(truth))
  }

  /** Ends every connection; what was under way is in the truth as stopped. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true
    this.#server.close()
    // Each tells its answer of its end, which comes after the server's own.
    await Promise.all([...this.#sockets].map((socket) => once(socket.destroy(), 'close')))
    this.#punctual[Symbol.dispose]()
    await this.#truth[Symbol.asyncDispose]()
  }
}

function logLine({ number, path, promptTokens, tokens, fault, end, writes }: EmulatedRequest): string {
  const ms = Math.round((writes.atNs.at(-1) ?? 0) / 1e6)
  const why = fault === undefined ? '' : `, ${fault.kind} ${fault.at}`
  return `request ${number}: ${path}, ${promptTokens} + ${tokens} tokens in ${ms} ms: ${end}${why}`
}

const notFound = (method: string, path: string) =>
  jsonResponse(404, errorJson({ message: `There is no ${method} ${path} here.`, type: 'invalid_request_error' }))

const textResponse = (text: string) => {
  const body = Buffer.from(text).toString('latin1') // as it is written byte by byte
  return responseHead(200, { 'content-type': 'application/x-ndjson', 'content-length': body.length }) + body
}

function cannotListen(host: string, port: number, error: NodeJS.ErrnoException): Error {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'it is in use: end what listens there, or name another port (0 takes any that is free)',
    EACCES: 'that is not allowed: name a port from 1024 up',
    EADDRNOTAVAIL: 'this machine has no such address: 127.0.0.1 is always there',
    ENOTFOUND: 'there is no such host: 127.0.0.1 is always there',
    EAI_AGAIN: 'there is no such host: 127.0.0.1 is always there',
  }
  const words = why[error.code ?? '']
  if (words === undefined) return error
  return new UserError(`cannot listen at ${host}:${port}: ${words}`, exitCodes.unavailable)
}
