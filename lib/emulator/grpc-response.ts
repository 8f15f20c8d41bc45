import type { Ns } from '../domain/timeline.ts'
import type { ServedAnswer } from '../wire/grpc-serve.ts'
import { EmulatedResponse, type ResponseContext } from './emulated-response.ts'
import { faultChunk, type InterruptingFault } from './emulated-faults.ts'
import { lineFraming, type Voice } from './emulated-voice.ts'
import type { GrpcAsk } from './grpc-ask.ts'

type GrpcContext = Omit<ResponseContext, 'voice'> & { ask: GrpcAsk; answer: ServedAnswer }

/** Its words are messages, not JSON. */
const mute: Voice = {
  readAsk: () => ({ status: 400, message: '', type: '' }),
  errorJson: () => '',
  script: () => ({ content: () => [], last: () => [], whole: () => '' }),
  framing: lineFraming,
}

const [resourceExhausted, internal] = [8, 13]

/** A response over gRPC: a stream of messages, or one where that was asked for, and a status. */
export class GrpcResponse extends EmulatedResponse {
  readonly #grpc: GrpcContext
  #text = ''
  #pending: Buffer[] = []
  #tokens = 0
  #said = 0

  constructor(context: GrpcContext) {
    super({ ...context, voice: mute })
    this.#grpc = context
  }

  override begin(): void {
    const { fault, request } = this.#grpc
    if (fault?.at === 'before-headers' && fault.kind !== 'wrong-usage') this.#suffer(fault.kind, request.arrivalNs)
    else super.begin()
  }

  /** TGIS tells the tokens of the prompt before it generates. */
  protected override head(dueNs: Ns): void {
    const { ask, fault } = this.#grpc
    if (ask.service !== 'tgis' || !ask.stream || this.usage.when === 'none') return
    if (fault?.at === 'before-first-event' && fault.kind !== 'wrong-usage') return
    this.#write(this.#frame({ input_token_count: ask.promptTokens }), 0, dueNs)
  }

  protected override chunk(index: number, dueNs: Ns): void {
    const { emulation, fault, ask } = this.#grpc
    if (fault !== undefined && fault.kind !== 'wrong-usage' && index === faultChunk(fault.at, this.sizes.length)) {
      this.#flush(dueNs)
      this.#suffer(fault.kind, dueNs)
      return
    }
    const said = this.say(index)
    this.#text += said
    const isLast = index === this.sizes.length - 1
    if (ask.stream || isLast) this.#pending.push(this.#frame(this.#message(ask.stream ? said : this.#text, index)))
    this.#tokens += this.sizes[index] ?? 0
    this.#said += 1
    if (isLast || (ask.stream && this.#said % emulation.chunksPerWrite === 0)) this.#flush(dueNs)
    if (isLast) this.#grpc.answer.end(0, '', () => this.#grpc.onEnd('whole'))
  }

  #message(text: string, index: number): object {
    const { ask } = this.#grpc
    const { isLast, told } = this.scene(index)
    const usage = told()
    const reason = isLast ? (ask.finish === 'length' ? 'MAX_TOKENS' : 'EOS_TOKEN') : undefined
    // The token that ends a text is counted.
    const ended = reason === 'EOS_TOKEN' ? 1 : 0
    if (ask.service === 'tgis') {
      const one = {
        text,
        ...(usage && { generated_token_count: usage.outputTokens + ended }),
        ...(usage && !ask.stream && { input_token_count: usage.promptTokens }),
        ...(reason !== undefined && { stop_reason: reason }),
      }
      return ask.stream ? one : { responses: [one] }
    }
    const finish = reason === undefined ? {} : { finish_reason: reason }
    const counts = usage && { generated_tokens: usage.outputTokens + ended, input_token_count: usage.promptTokens }
    return ask.stream
      ? { generated_text: text, details: { ...counts, ...finish } }
      : { generated_text: text, ...counts, ...finish }
  }

  #frame(message: object): Buffer {
    return this.#grpc.answer.frameOf(message)
  }

  #flush(dueNs: Ns): void {
    if (this.#pending.length > 0) this.#write(Buffer.concat(this.#pending), this.#tokens, dueNs, this.#pending.length)
    this.#pending = []
    this.#tokens = 0
  }

  /** The stamp is put right when the library hands the bytes to the kernel, which it does in a later turn. */
  #write(frames: Buffer, tokens: number, dueNs: Ns, messages = 1): void {
    const { answer, wire, request } = this.#grpc
    if (!answer.writable) return
    const at = wire.note(frames.length, dueNs, tokens)
    answer.write(frames, messages, (leftNs) => (wire.writes.atNs[at] = leftNs - request.arrivalNs))
  }

  #suffer(kind: InterruptingFault, dueNs: Ns): void {
    const { answer, wire, onEnd } = this.#grpc
    const ended = (code: number, message: string) => {
      this.suffer({ writes: [], end: 'hold' })
      answer.end(code, message, () => onEnd('fault'))
    }
    switch (kind) {
      case 'reset':
        return this.suffer({ writes: [], end: 'reset' })
      case 'early-close':
        return this.suffer({ writes: [], end: 'close' })
      case 'stall':
      case 'never-answers':
        return this.suffer({ writes: [], end: 'hold' })
      case 'garbage':
        wire.write('\xff\xff\xffgarbage\x00', dueNs)
        return this.suffer({ writes: [], end: 'close' })
      case 'truncated-json':
        // A string that ends before its length: no message.
        this.#write(Buffer.from('00000000032210ff', 'hex'), 0, dueNs)
        return ended(0, '')
      case 'rate-limited':
        return ended(resourceExhausted, 'Too many requests: wait a second.')
      case 'server-error':
        return ended(internal, 'The engine failed.')
      case 'error-in-stream':
        return ended(internal, 'The engine ran into an error.')
    }
  }
}
