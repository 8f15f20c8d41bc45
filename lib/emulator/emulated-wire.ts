import type { EmulatedWrites } from '../domain/emulation.ts'
import type { Ns } from '../domain/timeline.ts'

/** What is used of a socket. */
export type Outlet = {
  readonly writable: boolean
  write: (text: string, encoding: 'latin1') => unknown
  end: () => unknown
  resetAndDestroy: () => unknown
}

/** One response's way out: it remembers what was really written, and when. */
export class EmulatedWire {
  readonly writes: EmulatedWrites = { atNs: [], dueNs: [], bytes: [], tokens: [] }
  readonly #socket: Outlet
  readonly #arrivalNs: Ns
  readonly #now: () => Ns

  constructor(socket: Outlet, arrivalNs: Ns, now: () => Ns) {
    this.#socket = socket
    this.#arrivalNs = arrivalNs
    this.#now = now
  }

  /** Writes text of single bytes at once. The stamp comes first: after the call the client may already have it. */
  write(text: string, dueNs: Ns, tokens = 0): void {
    if (!this.#socket.writable) return
    this.note(text.length, dueNs, tokens)
    this.#socket.write(text, 'latin1')
  }

  /** A write that is made elsewhere, now; its number. */
  note(bytes: number, dueNs: Ns, tokens: number): number {
    const { writes } = this
    writes.dueNs.push(Math.round(dueNs) - this.#arrivalNs)
    writes.bytes.push(bytes)
    writes.tokens.push(tokens)
    return writes.atNs.push(this.#now() - this.#arrivalNs) - 1
  }

  /** An end in good order, before which everything goes out. */
  close(): void {
    this.#socket.end()
  }

  /** A connection that is gone at once: RST. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }
}
