import type { Ns } from '../domain/timeline.ts'
import { endOfStream, event, framed } from './emulated-chunks.ts'
import { faultChunk, faultInStream } from './emulated-faults.ts'
import { streamHead } from './emulated-head.ts'
import { EmulatedResponse } from './emulated-response.ts'

/** A response as server-sent events. */
export class StreamedResponse extends EmulatedResponse {
  #pending = ''
  #chunks = 0
  #tokens = 0

  protected override head(dueNs: Ns): void {
    const { ask, emulation, fault, number, wire } = this.context
    wire.write(streamHead(number), dueNs)
    if (emulation.role !== 'at-once' || ask.kind !== 'chat') return
    if (fault?.at === 'before-first-event' && fault.kind !== 'wrong-usage') return
    this.#put(frameOf(this.chunks.role(this.#running())), 0, dueNs)
    this.#flush(dueNs)
  }

  protected override chunk(index: number, dueNs: Ns): void {
    const { emulation, fault } = this.context
    if (fault !== undefined && fault.kind !== 'wrong-usage' && index === faultChunk(fault.at, this.sizes.length)) {
      this.#flush(dueNs)
      this.suffer(faultInStream(fault.kind, fault.at, this.chunks.content('')))
      return
    }
    const first = index === 0 && emulation.role === 'with-first-token'
    const text = this.say(index)
    const isPlain = !first && this.usage.when !== 'continuous'
    const frame = isPlain
      ? this.chunks.contentFrame(text)
      : frameOf(this.chunks.content(text, { first, usage: this.#running() }))
    this.#put(frame, this.sizes[index] ?? 0, dueNs)
    if (index === this.sizes.length - 1) this.#finish(dueNs)
  }

  #finish(dueNs: Ns): void {
    const { wire, onEnd } = this.context
    this.#put(frameOf(this.chunks.finish(this.#running())), 0, dueNs)
    if (this.usage.when !== 'none') this.#put(frameOf(this.chunks.usage(this.tell())), 0, dueNs)
    wire.write(this.#pending + endOfStream, dueNs, this.#tokens)
    onEnd('whole')
  }

  #running() {
    return this.usage.when === 'continuous' ? this.tell() : undefined
  }

  #put(frame: string, tokens: number, dueNs: Ns): void {
    this.#pending += frame
    this.#tokens += tokens
    this.#chunks += 1
    if (this.#chunks >= this.context.emulation.chunksPerWrite) this.#flush(dueNs)
  }

  #flush(dueNs: Ns): void {
    if (this.#chunks > 0) this.context.wire.write(this.#pending, dueNs, this.#tokens)
    this.#pending = ''
    this.#chunks = this.#tokens = 0
  }
}

const frameOf = (json: string) => framed(event(json))
