import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { Io } from '../../lib/cli/io.ts'
import { runProgram } from '../../lib/cli/program.ts'

const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export type Said = { exitCode: number; stdout: string; stderr: string }
type Change = { cwd?: string; env?: Io['env']; terminal?: boolean }

/** A lab in a folder of its own, and the command line inside this process. */
export class CommandLine implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'benchbook-cli-'))
  readonly store = this.at('data/benchbook.db')
  readonly #cache = mkdtempSync(join(tmpdir(), 'benchbook-cache-'))

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    mkdirSync(this.at('experiments'))
    for (const [path, content] of Object.entries(files)) this.write(path, content)
  }

  at(path: string): string {
    return join(this.root, path)
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.at(path)), { recursive: true })
    writeFileSync(this.at(path), content)
  }

  /** Runs a command; in what it says the lab is `/lab` and the package `/package`. */
  async run(args: readonly string[], { cwd = this.root, env = {}, terminal = false }: Change = {}): Promise<Said> {
    const said = { stdout: '', stderr: '' }
    const never = new AbortController().signal
    const exitCode = await runProgram(args, {
      stdout: (text) => void (said.stdout += text),
      stdoutIsTerminal: terminal,
      stdoutAll: async (pieces) =>
        void (said.stdout += Buffer.concat([...pieces].map((piece) => Buffer.from(piece))).toString()),
      stderr: (text) => void (said.stderr += text),
      catchInterrupts: () => ({ soft: never, hard: never }),
      whenTold: async () => 'SIGTERM',
      env: { XDG_CACHE_HOME: this.#cache, ...env },
      cwd,
    })
    const shown = (text: string) => text.replaceAll(this.root, '/lab').replaceAll(packageRoot, '/package')
    return { exitCode, stdout: shown(said.stdout), stderr: shown(said.stderr) }
  }

  /** What a refused command says, after its exit code; it must not print data nor change anything on disk. */
  async refused(args: readonly string[], change: Change = {}): Promise<string> {
    const before = this.files()
    const { exitCode, stdout, stderr } = await this.run(args, change)
    expect(stdout).toBe('')
    expect(this.files()).toEqual(before)
    expect(exitCode).not.toBe(0)
    expect(stderr).not.toMatch(/^ {4}at /m)
    return `${exitCode} ${stderr}`
  }

  /** Every file of the lab and what is in it. */
  files(): Record<string, string> {
    const entries = readdirSync(this.root, { recursive: true, withFileTypes: true })
    return Object.fromEntries(
      entries.map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [path, entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file']
      }),
    )
  }

  [Symbol.dispose](): void {
    for (const folder of [this.root, this.#cache]) rmSync(folder, { recursive: true, force: true })
  }
}

/** An experiment that needs no file. */
export const quick = `name: quick
axes: { model: [random-5m], quantization: [f16, q4_0], workload: [decode] }
load: { requests: 1 }
repeat: { blocks: 1 }
`
