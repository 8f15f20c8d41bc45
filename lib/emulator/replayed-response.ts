import type { EmulatedRequest } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'
import type { Due } from './agenda.ts'
import type { ResponseContext } from './emulated-response.ts'
import type { Recording } from './read-recording.ts'
import { requestTruth } from './request-truth.ts'

type Context = Pick<ResponseContext, 'number' | 'ask' | 'request' | 'wire' | 'onEnd'>

/** A recorded response, written again: each of its reads a write, so many times as fast. */
export class ReplayedResponse implements Due {
  readonly #context: Context
  readonly #replay: { recording: Recording; speed: number }
  readonly #add: (due: Due) => void
  #next = 0
  #gone = false
  dueNs: Ns = 0
  order = 0

  constructor(context: Context, replay: { recording: Recording; speed: number }, agenda: { add: (due: Due) => void }) {
    this.#context = context
    this.#replay = replay
    this.#add = (due) => agenda.add(due)
  }

  begin(): void {
    this.#wait()
  }

  /** One read of the recording is due. */
  run(): void {
    const { recording } = this.#replay
    const { bytes } = recording[this.#next] ?? { bytes: '' }
    if (this.#gone) return
    this.#next += 1
    if (bytes !== '') this.#context.wire.write(bytes, this.dueNs)
    if (this.#next < recording.length) this.#wait()
    else this.#end()
  }

  /** It will not go on. Says what was written; its text and tokens are the recording's own and not looked at. */
  stop(end: EmulatedRequest['end']): EmulatedRequest {
    this.#gone = true
    return { ...requestTruth(this.#context), startNs: 0, end }
  }

  #wait(): void {
    const { recording, speed } = this.#replay
    this.dueNs = this.#context.request.arrivalNs + ((recording[this.#next]?.atUs ?? 0) * 1000) / speed
    this.#add(this)
  }

  /** A response that says itself where it ends leaves the connection open; one that broke off is reset. */
  #end(): void {
    const { recording } = this.#replay
    const { wire, onEnd } = this.#context
    if (recording.at(-1)?.bytes === '') wire.close()
    else if (!endsItself(recording.map(({ bytes }) => bytes).join(''))) wire.reset()
    onEnd('whole')
  }
}

function endsItself(response: string): boolean {
  const end = response.indexOf('\r\n\r\n') + 4
  const head = response.slice(0, end).toLowerCase()
  if (/\r\ntransfer-encoding: *chunked/.test(head)) return response.endsWith('0\r\n\r\n')
  const [, length] = /\r\ncontent-length: *(\d+)/.exec(head) ?? []
  return length !== undefined && response.length - end >= Number(length)
}
