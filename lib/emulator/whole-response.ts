import type { Ns } from '../domain/timeline.ts'
import { faultInBody } from './emulated-faults.ts'
import { jsonHead } from './emulated-head.ts'
import { EmulatedResponse } from './emulated-response.ts'

/** A response as one body of JSON, when the last token is there. */
export class WholeResponse extends EmulatedResponse {
  #text = ''

  protected override head(): void {}

  protected override chunk(index: number, dueNs: Ns): void {
    this.#text += this.say(index)
    if (index < this.sizes.length - 1) return
    const { ask, fault, number, voice, wire, onEnd } = this.context
    const body = this.script.whole(this.#text, this.scene(index))
    const head = jsonHead(200, body, { 'x-request-id': number })
    if (fault !== undefined && fault.kind !== 'wrong-usage') {
      this.suffer(faultInBody(fault.kind, fault.at, { head, body, voice }))
      return
    }
    wire.write(head + body, dueNs, ask.outputTokens)
    onEnd('whole')
  }
}
