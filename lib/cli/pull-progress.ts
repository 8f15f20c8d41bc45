import { byteText } from '../domain/byte-text.ts'
import { plain } from '../domain/plain.ts'
import type { PullProgress } from '../hub/pull-repo.ts'
import { duration } from '../run/progress-lines.ts'
import { Screen } from './screen.ts'
import type { Io } from './io.ts'

/** How far a download is: one line that is drawn over, or a plain line now and then where there is no terminal. */
export class PullTeller {
  readonly #io: Pick<Io, 'stderr' | 'terminal'>
  readonly #screen: Screen | undefined
  readonly #nowMs: () => number
  #start: { atMs: number; bytes: number } | undefined
  #toldMs = Number.NEGATIVE_INFINITY
  #told = ''

  constructor(io: Pick<Io, 'stderr' | 'terminal'>, nowMs: () => number = performance.now.bind(performance)) {
    this.#io = io
    this.#screen = io.terminal && new Screen(io.terminal)
    this.#nowMs = nowMs
  }

  say(line: string): void {
    if (this.#screen === undefined) this.#io.stderr(`${line}\n`)
    else this.#screen.above(line)
  }

  progress(progress: PullProgress): void {
    const nowMs = this.#nowMs()
    this.#start ??= { atMs: nowMs, bytes: progress.bytes }
    const isWhole = progress.bytes === progress.ofBytes
    const everyMs = this.#screen === undefined ? 10_000 : 200
    if (!isWhole && nowMs - this.#toldMs < everyMs) return
    this.#toldMs = nowMs
    this.#tell(pullLine(progress, { sinceMs: nowMs - this.#start.atMs, fromBytes: this.#start.bytes }))
  }

  /** The next download begins. */
  restart(): void {
    this.#start = undefined
    this.#toldMs = Number.NEGATIVE_INFINITY
  }

  #tell(line: string): void {
    if (line === this.#told) return
    this.#told = line
    const columns = (this.#io.terminal?.columns() ?? 0) - 1
    if (this.#screen === undefined) this.#io.stderr(`${line}\n`)
    else this.#screen.draw([line.length > columns ? `${line.slice(0, Math.max(0, columns - 1))}…` : line])
  }
}

type Since = { sinceMs: number; fromBytes: number }

/** `1.2 GB of 4.1 GB (29 %), 35 MB/s, 1 min left: model.safetensors`; what was here before counts for no rate. */
export function pullLine({ file, bytes, ofBytes }: PullProgress, { sinceMs, fromBytes }: Since): string {
  const share = ofBytes === 0 ? 100 : Math.floor((100 * bytes) / ofBytes)
  const perSecond = sinceMs > 0 ? ((bytes - fromBytes) * 1000) / sinceMs : 0
  const rate = perSecond > 0 && sinceMs >= 500 ? `, ${byteText(perSecond)}/s` : ''
  const left = rate !== '' && bytes < ofBytes ? `, ${duration(((ofBytes - bytes) / perSecond) * 1000)} left` : ''
  return `${byteText(bytes)} of ${byteText(ofBytes)} (${share} %)${rate}${left}: ${plain(file)}`
}
