import { byteText } from '../domain/byte-text.ts'
import { plain } from '../domain/plain.ts'
import type { PullProgress } from '../hub/pull-repo.ts'
import { duration } from '../run/progress-lines.ts'
import type { Io } from './io.ts'
import { Screen } from './screen.ts'
import { cut } from './text-columns.ts'

type Sample = { atMs: number; bytes: number }

/** The rate is that of this time: a connection that began slowly is no prophecy. */
const windowMs = 10_000
const sampleMs = 500

/** How far a download is: one line that is drawn over, or a plain line now and then where there is no terminal. */
export class PullTeller {
  readonly #io: Pick<Io, 'stderr' | 'terminal'>
  readonly #screen: Screen | undefined
  readonly #nowMs: () => number
  #samples: Sample[] = []
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
    const now = { atMs: this.#nowMs(), bytes: progress.bytes }
    const perSecond = this.#rate(now)
    const isWhole = progress.bytes === progress.ofBytes
    const everyMs = this.#screen === undefined ? 10_000 : 200
    if (!isWhole && now.atMs - this.#toldMs < everyMs) return
    this.#toldMs = now.atMs
    this.#tell(pullLine(progress, perSecond))
  }

  /** The next download begins. */
  restart(): void {
    this.#samples = []
    this.#toldMs = Number.NEGATIVE_INFINITY
  }

  /** Bytes per second, once there is something to tell it by; what was here before counts for none. */
  #rate(now: Sample): number | undefined {
    const last = this.#samples.at(-1)
    if (last === undefined || now.atMs - last.atMs >= sampleMs) this.#samples.push(now)
    // One that is older stays, so that there is always something to compare with.
    while (now.atMs - (this.#samples[1]?.atMs ?? now.atMs) >= windowMs) this.#samples.shift()
    const from = this.#samples[0] ?? now
    const [ms, bytes] = [now.atMs - from.atMs, now.bytes - from.bytes]
    return ms >= sampleMs && bytes > 0 ? (bytes * 1000) / ms : undefined
  }

  #tell(line: string): void {
    if (line === this.#told) return
    this.#told = line
    if (this.#screen === undefined) this.#io.stderr(`${line}\n`)
    else this.#screen.draw([cut(line, (this.#io.terminal?.columns() ?? 0) - 1)])
  }
}

/** `1.2 GB of 4.1 GB (29 %), 35 MB/s, 1 min left: model.safetensors`. */
function pullLine({ file, bytes, ofBytes }: PullProgress, perSecond: number | undefined): string {
  const share = ofBytes === 0 ? 100 : Math.floor((100 * bytes) / ofBytes)
  const rate = perSecond === undefined ? '' : `, ${byteText(perSecond)}/s`
  const left =
    perSecond === undefined || bytes === ofBytes ? '' : `, ${duration(((ofBytes - bytes) / perSecond) * 1000)} left`
  return `${byteText(bytes)} of ${byteText(ofBytes)} (${share} %)${rate}${left}: ${plain(file)}`
}
