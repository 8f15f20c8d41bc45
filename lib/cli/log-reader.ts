import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const chunkBytes = 65_536

/** Reads a log that is still being written, whole lines at a time. */
export class LogReader implements Disposable {
  readonly #file: number
  readonly #decoder = new StringDecoder('utf8')
  #begun = ''

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  /** The whole lines that were written since; some at a time. */
  *rest(): Generator<string> {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    for (let bytes = this.#read(buffer); bytes > 0; bytes = this.#read(buffer)) {
      const text = this.#begun + this.#decoder.write(buffer.subarray(0, bytes))
      const end = text.lastIndexOf('\n') + 1
      this.#begun = text.slice(end)
      if (end > 0) yield text.slice(0, end).replaceAll('\r\n', '\n')
    }
  }

  /** A last line that was never ended, ended; else nothing. */
  end(): string {
    const left = this.#begun + this.#decoder.end()
    this.#begun = ''
    return left === '' ? '' : `${left}\n`
  }

  #read(buffer: Buffer): number {
    return readSync(this.#file, buffer)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
