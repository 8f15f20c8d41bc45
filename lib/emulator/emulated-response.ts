import type { EmulatedRequest, EmulatedUsage, Emulation, FaultRule } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'
import type { Ask } from './emulated-ask.ts'
import { jitterFactors, textSeed } from './emulated-draws.ts'
import { faultBeforeHeaders, type FaultStep } from './emulated-faults.ts'
import { emulatedTokens } from './emulated-text.ts'
import { usageTold, type UsageTold } from './emulated-usage.ts'
import type { Scene, Script, Voice } from './emulated-voice.ts'
import type { EmulatedWire } from './emulated-wire.ts'
import { chunkSizes, type EmulatedWork, type Taken, type Task } from './emulated-work.ts'
import type { ReceivedRequest } from './request-reader.ts'
import { requestTruth } from './request-truth.ts'

/** What a response is made from. */
export type ResponseContext = {
  number: number
  ask: Ask
  voice: Voice
  request: ReceivedRequest
  emulation: Emulation
  fault: FaultRule | undefined
  wire: EmulatedWire
  work: EmulatedWork
  createdS: number
  /** It has ended by itself: the connection may take the next request. */
  onEnd: (end: 'whole' | 'fault') => void
}

const commentEveryMs = 1000

/** One response, from its request to its end; a stream and a whole body differ in what they write when. */
export abstract class EmulatedResponse {
  protected readonly context: ResponseContext
  protected readonly script: Script
  protected readonly usage: UsageTold
  /** Tokens of each chunk. */
  protected readonly sizes: readonly number[]
  protected readonly words: readonly string[]
  readonly #truth: EmulatedRequest
  #dueNs: Ns
  /** When its first chunk was due. */
  #firstNs: Ns | undefined
  #taken: Taken | undefined
  #suffers = false
  #comments: NodeJS.Timeout | undefined

  constructor(context: ResponseContext) {
    const { number, ask, request, emulation, fault } = context
    this.context = context
    this.script = context.voice.script(ask, context)
    this.usage = usageTold(emulation, ask, fault)
    this.sizes = chunkSizes(ask.outputTokens, emulation.tokensPerChunk)
    this.words = emulatedTokens(textSeed(emulation.seed, number), ask.outputTokens)
    this.#dueNs = request.arrivalNs
    const { cachedTokens } = this.usage
    this.#truth = {
      ...requestTruth(context),
      cachedTokens,
      ...(fault && { fault: { kind: fault.kind, at: fault.at } }),
    }
  }

  /** Begins at the request's arrival. */
  begin(): void {
    const { fault, request, work } = this.context
    if (fault?.at === 'before-headers' && fault.kind !== 'wrong-usage') {
      this.suffer(faultBeforeHeaders(fault.kind, this.context.voice))
      return
    }
    this.head(request.arrivalNs)
    this.#taken = work.join(this.#task(), request.arrivalNs)
  }

  /** It will not go on. Says what it was until now. */
  stop(end: EmulatedRequest['end'], atNs: Ns): EmulatedRequest {
    clearInterval(this.#comments)
    this.#taken?.leave(atNs)
    this.#truth.text = this.words.slice(0, this.#truth.tokens).join('') // not as it grows: that is a rope of a piece per token
    this.#truth.end = this.#suffers ? 'fault' : end
    return this.#truth
  }

  /** What is written at once. */
  protected abstract head(dueNs: Ns): void
  protected abstract chunk(index: number, dueNs: Ns): void

  /** What a chunk says; it is counted as output from now on. */
  protected say(index: number): string {
    const size = this.sizes[index] ?? 0
    this.#truth.tokens += size
    const from = index * this.context.emulation.tokensPerChunk
    return size === 1 ? (this.words[from] ?? '') : this.words.slice(from, from + size).join('')
  }

  /** What can be said of the answer where chunk `index` is its last one so far. */
  protected scene(index: number): Scene {
    const { when } = this.usage
    return {
      isFirst: index === 0,
      isLast: index === this.sizes.length - 1,
      withRole: this.context.emulation.role === 'with-first-token',
      told: () => (when === 'none' ? undefined : this.#tell()),
      running: () => (when === 'continuous' ? this.#tell() : undefined),
      times: () => this.#times(),
    }
  }

  /** What is said of the tokens until now. */
  #tell(): EmulatedUsage {
    this.#truth.usage = this.usage.after(this.#truth.tokens)
    return this.#truth.usage
  }

  #times(): ReturnType<Scene['times']> {
    const queueNs = this.#truth.startNs ?? 0
    const firstNs = this.#firstNs ?? this.#dueNs
    const promptNs = Math.round(firstNs) - this.#truth.arrivalNs - queueNs
    return { queueNs, promptNs, decodeNs: Math.round(this.#dueNs - firstNs) }
  }

  protected suffer({ writes, end }: FaultStep): void {
    const { wire, voice, onEnd } = this.context
    const { comment } = voice.framing
    this.#suffers = true
    for (const text of writes) wire.write(text, this.#dueNs)
    this.#taken?.leave(this.#dueNs)
    if (end === 'comments') this.#comments = setInterval(() => wire.write(comment, this.#dueNs), commentEveryMs)
    if (end === 'close') wire.close()
    if (end === 'reset') wire.reset()
    if (end === 'kept') onEnd('fault')
  }

  #task(): Task {
    const { number, ask, emulation } = this.context
    return {
      promptTokens: ask.promptTokens - this.usage.cachedTokens,
      chunks: this.sizes,
      factor: jitterFactors(emulation.seed, number, emulation.jitter),
      onStart: (startNs) => {
        this.#truth.startNs = Math.round(startNs) - this.#truth.arrivalNs
      },
      onChunk: (index, dueNs) => {
        this.#dueNs = dueNs
        this.#firstNs ??= dueNs
        this.chunk(index, dueNs)
      },
    }
  }
}
