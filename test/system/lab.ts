import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asOldNode } from '../cli/old-node.ts'

const launcher = fileURLToPath(new URL('../../lib/cli/launch.mjs', import.meta.url))
const main = fileURLToPath(new URL('../../lib/cli/main.ts', import.meta.url))

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }
export type Started = { child: ChildProcess; ended: Promise<Ended>; stderr: () => string }

/** A lab in a folder of its own, with the real command line. */
export class Lab implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'benchbook-lab-'))
  /** Beside the environment of this process. */
  readonly env: Record<string, string> = {}
  readonly store = join(this.root, 'data', 'benchbook.db')

  constructor(experiments: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.root, 'experiments'))
    for (const [name, text] of Object.entries(experiments)) this.write(join('experiments', name), text)
  }

  write(path: string, text: string | Uint8Array): void {
    writeFileSync(join(this.root, path), text)
  }

  start(...args: string[]): Started {
    return this.#spawn([main, ...args], {})
  }

  /** Starts the command line as an older Node does, by its launcher, in a process group of its own. */
  launch(...args: string[]): Started {
    return this.#spawn([...asOldNode, launcher, ...args], { detached: true })
  }

  #spawn(argv: string[], group: { detached?: true }): Started {
    const env = { ...process.env, ...this.env }
    const child = spawn(process.execPath, argv, { cwd: this.root, env, stdio: ['ignore', 'pipe', 'pipe'], ...group })
    const texts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text))
    const ended: Promise<Ended> = once(child, 'close').then(([code, signal]) => ({ code, signal, ...texts }))
    return { child, ended, stderr: () => texts.stderr }
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
