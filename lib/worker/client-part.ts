import type { TrialSpec } from '../domain/launch.ts'
import type { Ns, RequestTimeline } from '../domain/timeline.ts'
import type { Share } from '../load/share.ts'
import type { Client } from './client-process.ts'
import type { FromClient } from './client-messages.ts'
import type { WatchedResult } from './watched-trial.ts'

export type PartContext = {
  /** Monotonic, of the driver. */
  now: () => Ns
  origin: Ns
  log: (line: string) => void
  onRequest: (index: number, timeline: RequestTimeline) => void
}
export type PartResult = WatchedResult & {
  crashed?: true
  /** From `go` to its answer: by no more than that its times are off, and by no more it began late. */
  goTripMs?: number
}

/** One client process's share of one trial. Its clock is not compared with ours: its times count from when our word came. */
export class ClientPart {
  /** Resolves when it has warmed up, or ended instead. */
  readonly warmedUp: Promise<'warmed-up' | 'ended'>
  readonly ended: Promise<PartResult>
  readonly #client: Client
  readonly #share: Share
  readonly #context: PartContext
  readonly #warm = Promise.withResolvers<'warmed-up'>()
  readonly #end = Promise.withResolvers<PartResult>()
  /** When our last word was sent, by our own time. */
  #saidAt: Ns = 0
  /** What makes our times of its. */
  #offsetUs = 0
  #goTripMs: number | undefined

  constructor(client: Client, share: Share, context: PartContext) {
    this.#client = client
    this.#share = share
    this.#context = context
    this.ended = Promise.race([this.#end.promise, client.exited.then((how) => this.#crashed(how))])
    this.warmedUp = Promise.race([this.#warm.promise, this.ended.then(() => 'ended' as const)])
  }

  begin(trial: TrialSpec): void {
    this.#say({ kind: 'trial', trial, share: this.#share })
  }

  go(): void {
    this.#say({ kind: 'go' })
  }

  stop(): void {
    this.#client.post({ kind: 'stop' })
  }

  take(message: FromClient): void {
    switch (message.kind) {
      case 'began':
        return this.#placed(message)
      case 'warmed-up':
        return this.#warm.resolve('warmed-up')
      case 'request': {
        const { index, timeline } = message
        const { scheduledUs, sentUs } = timeline
        const times = { scheduledUs: scheduledUs + this.#offsetUs, sentUs: sentUs + this.#offsetUs }
        return this.#context.onRequest(index, { ...timeline, ...times })
      }
      case 'ended':
        return this.#end.resolve({
          ...message.result,
          ...(this.#goTripMs !== undefined && { goTripMs: this.#goTripMs }),
        })
      case 'attached':
      case 'failed':
    }
  }

  #say(message: Parameters<Client['post']>[0]): void {
    this.#saidAt = this.#context.now()
    this.#client.post(message)
  }

  #placed({ phase, atUs }: Extract<FromClient, { kind: 'began' }>): void {
    const { now, origin, log } = this.#context
    this.#offsetUs = Math.round((this.#saidAt - origin) / 1000) - atUs
    const tripMs = (now() - this.#saidAt) / 1e6
    if (phase === 'warmup') return
    const { part, parts } = this.#share
    this.#goTripMs = tripMs
    log(`client process ${part + 1} of ${parts}: ${tripMs.toFixed(3)} ms from go to its answer`)
  }

  #crashed(how: string): PartResult {
    const { part, parts } = this.#share
    const detail = `client process ${part + 1} of ${parts} ${how}`
    return { end: { status: 'failed', reason: 'crashed', detail }, engine: 'usable', crashed: true }
  }
}
