import type { Ns } from '../domain/timeline.ts'
import { faultChunk, faultInStream } from './emulated-faults.ts'
import { streamHead } from './emulated-head.ts'
import { EmulatedResponse } from './emulated-response.ts'

/** A response as a stream of chunks. */
export class StreamedResponse extends EmulatedResponse {
  #pending = ''
  #chunks = 0
  #tokens = 0

  protected override head(dueNs: Ns): void {
    const { emulation, fault, number, voice, wire } = this.context
    const { role } = this.script
    wire.write(streamHead(number, voice.framing.type), dueNs)
    if (emulation.role !== 'at-once' || role === undefined) return
    if (fault?.at === 'before-first-event' && fault.kind !== 'wrong-usage') return
    this.#put(voice.framing.frame(role(this.scene(-1))), 0, dueNs)
    this.#flush(dueNs)
  }

  protected override chunk(index: number, dueNs: Ns): void {
    const { emulation, fault, voice } = this.context
    if (fault !== undefined && fault.kind !== 'wrong-usage' && index === faultChunk(fault.at, this.sizes.length)) {
      this.#flush(dueNs)
      const [json = ''] = this.script.content('', this.scene(index))
      this.suffer(faultInStream(fault.kind, fault.at, { json, voice }))
      return
    }
    const text = this.say(index)
    const isPlain = this.usage.when !== 'continuous' && !(index === 0 && emulation.role === 'with-first-token')
    const frame = isPlain ? this.script.contentFrame?.(text) : undefined
    this.#put(frame ?? this.#framed(this.script.content(text, this.scene(index))), this.sizes[index] ?? 0, dueNs)
    if (index === this.sizes.length - 1) this.#finish(index, dueNs)
  }

  #finish(index: number, dueNs: Ns): void {
    const { voice, wire, onEnd } = this.context
    for (const json of this.script.last(this.scene(index))) this.#put(voice.framing.frame(json), 0, dueNs)
    wire.write(this.#pending + voice.framing.end, dueNs, this.#tokens)
    onEnd('whole')
  }

  #framed(jsons: readonly string[]): string {
    return jsons.map(this.context.voice.framing.frame).join('')
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
