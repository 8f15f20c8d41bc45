import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { withoutHome } from '../domain/without-home.ts'
import { fileTail } from '../shell/file-tail.ts'
import { evidence } from '../wire/evidence.ts'
import { withoutSecrets } from './launch-env.ts'

/** What a server prints is kept up to here; the settings that it says at its start are within the head of it, why it ended in its end. */
const limits = { mostBytes: 16_777_216, headBytes: 4_194_304, lookMs: 1000 }
const keptTailBytes = 1_048_576
const headBytes = 1_048_576
const tailBytes = 8192
const lastLines = 3
const [longest, longestBefore] = [400, 150]
/** What the shell adds that waits for the program: how that ended is told in words of our own. */
const ofShell = /^\S*bash: line \d+: +\d+ /

/** The file that a started server prints to: what it said at first and at last, without secrets, and kept from growing for ever. */
export class ServerLog implements Disposable {
  readonly path: string | undefined
  readonly #from: number
  readonly #secrets: readonly string[]
  readonly #timer: NodeJS.Timeout | undefined

  constructor(path: string | undefined, secrets: readonly string[], { mostBytes, headBytes: keep, lookMs } = limits) {
    this.path = path
    this.#secrets = secrets
    this.#from = path !== undefined && existsSync(path) ? statSync(path).size : 0
    if (path !== undefined) this.#timer = setInterval(() => shorten(path, { mostBytes, keep }), lookMs).unref()
  }

  /** Its beginning. */
  head(): string {
    if (this.path === undefined || !existsSync(this.path)) return ''
    const file = openSync(this.path, 'r')
    try {
      const bytes = Buffer.alloc(headBytes)
      return this.#clean(bytes.toString('utf8', 0, readSync(file, bytes, 0, headBytes, this.#from)))
    } finally {
      closeSync(file)
    }
  }

  /** Its last lines as the detail of a failure has them; `undefined` where it has none. */
  ending(): string | undefined {
    const lines = this.tail()
      .split('\n')
      .map((line) => line.trim())
    const last = lines.filter((line) => line !== '' && !ofShell.test(line)).slice(-lastLines)
    // The last says most: no line before it may take its room.
    const shown = last.map((line, i) => evidence(line, i === last.length - 1 ? longest : longestBefore))
    return shown.length === 0 ? undefined : shown.join(' | ')
  }

  tail(): string {
    if (this.path === undefined || !existsSync(this.path)) return ''
    // Of this start alone; what is shorter than it was has been cut since.
    const { size } = statSync(this.path)
    return this.#clean(fileTail(this.path, Math.min(tailBytes, size < this.#from ? size : size - this.#from)))
  }

  #clean(text: string): string {
    return withoutHome(withoutSecrets(text, this.#secrets), homedir())
  }

  /** Takes secrets out of what is kept. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    if (this.path !== undefined) cleanLog(this.path, this.#secrets)
  }
}

/** Of a log that nobody writes to any more: leaves its beginning and its end, and no secrets. */
export function cleanLog(path: string, secrets: readonly string[]): void {
  if (!existsSync(path)) return
  cutMiddle(path)
  if (secrets.length === 0) return
  const text = readFileSync(path, 'latin1')
  const clean = withoutSecrets(text, secrets)
  if (clean !== text) writeFileSync(path, clean, 'latin1')
}

function cutMiddle(path: string): void {
  const { size } = statSync(path)
  if (size <= limits.mostBytes) return
  const tail = fileTail(path, keptTailBytes)
  truncateSync(path, limits.headBytes)
  appendFileSync(path, `\n[${size - limits.headBytes - keptTailBytes} bytes are not kept]\n${tail}`)
}

/** A server adds to the end, wherever that is: what comes after the head is dropped. */
function shorten(path: string, { mostBytes, keep }: { mostBytes: number; keep: number }): void {
  try {
    if (statSync(path).size > mostBytes) truncateSync(path, keep)
  } catch {
    // it may be gone
  }
}
