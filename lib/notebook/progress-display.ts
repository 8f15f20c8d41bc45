import { plain } from '../domain/plain.ts'
import { duration, progressLine } from '../run/progress-lines.ts'
import type { RunEvent } from '../run/run-event.ts'
import { escapeHtml } from './escape-html.ts'
import type { MimeBundle, Shown } from './kernel.ts'

/** How far a run is. */
export type RunProgress = {
  /** Trials that have ended, of all. */
  done: number
  trials: number
  /** Milliseconds that the rest may take; not known before the first trial has ended. */
  leftMs: number | undefined
  /** What happened last. */
  line: string
}

/** An update takes a message of its own, and a kernel loses some of those that come in bursts. */
const leastMs = 100
const lastLines = 4

/** One output that follows a run, changed at most ten times a second. */
export class ProgressDisplay {
  readonly #shown: Shown
  #progress: RunProgress = { done: 0, trials: 0, leftMs: undefined, line: '' }
  #lines: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(show: (bundle: MimeBundle) => Shown) {
    this.#shown = show(progressBundle(this.#progress, ['starting']))
  }

  /** Takes what happened in, and says how far the run is. */
  take(event: RunEvent): RunProgress {
    const { done, trials } = event.kind === 'started' || event.kind === 'trial-ended' ? event : this.#progress
    const leftMs = event.kind === 'trial-ended' ? event.leftMs : this.#progress.leftMs
    this.#progress = { done, trials, leftMs, line: progressLine(event) }
    this.say(this.#progress.line)
    return this.#progress
  }

  say(line: string): void {
    this.#lines = [...this.#lines, plain(line)].slice(-lastLines)
    this.#timer ??= setTimeout(() => this.#update(), leastMs)
  }

  /** The last word: stays in the notebook. */
  end(line: string): void {
    clearTimeout(this.#timer)
    this.#progress = { ...this.#progress, leftMs: undefined }
    this.#lines = [plain(line)]
    this.#update()
  }

  #update(): void {
    this.#timer = undefined
    this.#shown.update(progressBundle(this.#progress, this.#lines))
  }
}

function progressBundle({ done, trials, leftMs }: RunProgress, lines: readonly string[]): MimeBundle {
  const left = leftMs === undefined || done === trials ? '' : `, about ${duration(leftMs)} left`
  const count = `${done} of ${trials} trials${left}`
  const html = lines.map((line) => escapeHtml(line)).join('<br>')
  return {
    'text/html': `<progress max="${Math.max(1, trials)}" value="${done}"></progress> ${count}<br><small>${html}</small>`,
    'text/plain': [count, ...lines].join('\n'),
  }
}
