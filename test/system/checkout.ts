import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'benchbook')
/** The Python environment with JupyterLab that setup.sh makes. */
const jupyter = process.env['BENCHBOOK_JUPYTER_ENV'] ?? join(cache, 'jupyter')

export type Ended = { code: number | null; stdout: string; stderr: string }

/** The repository as a clone of it has it, built, in a folder of its own. */
export class Checkout implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), 'benchbook-checkout-'))
  readonly #jupyter = mkdtempSync(join(tmpdir(), 'benchbook-jupyter-'))

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
    for (const file of listed.toString('utf8').split('\0').filter(Boolean)) {
      mkdirSync(dirname(this.at(file)), { recursive: true })
      cpSync(file, this.at(file))
    }
    symlinkSync(resolve('node_modules'), this.at('node_modules'))
    execFileSync(process.execPath, [this.at('node_modules/typescript/bin/tsc'), '-p', this.at('lib')])
  }

  at(path: string): string {
    return join(this.root, path)
  }

  /** Starts the command line here, with Jupyter's own files out of the user's way. */
  start(...args: string[]): ChildProcess {
    const folders = ['CONFIG_DIR', 'DATA_DIR', 'RUNTIME_DIR'].map((name) => [
      `JUPYTER_${name}`,
      join(this.#jupyter, name),
    ])
    const lab = ['SETTINGS_DIR', 'WORKSPACES_DIR'].map((name) => [`JUPYTERLAB_${name}`, join(this.#jupyter, name)])
    return spawn(process.execPath, [this.at('lib/cli/main.ts'), ...args], {
      cwd: this.root,
      env: { ...process.env, VIRTUAL_ENV: jupyter, ...Object.fromEntries([...folders, ...lab]) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  async run(...args: string[]): Promise<Ended> {
    const child = this.start(...args)
    const said = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, ...said }
  }

  /** Where JupyterLab keeps its settings. */
  settings(file: string): string {
    return join(this.#jupyter, 'SETTINGS_DIR', file)
  }

  [Symbol.dispose](): void {
    for (const folder of [this.root, this.#jupyter]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
