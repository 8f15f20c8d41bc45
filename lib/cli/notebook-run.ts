import { existsSync } from 'node:fs'
import { basename, delimiter, join, resolve } from 'node:path'
import { plain } from '../domain/plain.ts'
import { type ExitCode, exitCodes, UserError } from '../domain/user-error.ts'
import { findPython } from '../lab/find-python.ts'
import { ensureKernelSpec, jupyterFolder } from '../lab/kernel-spec.ts'
import { findLab, type Lab } from '../lab/lab.ts'
import { makeFolder } from '../shell/make-folder.ts'
import { startProcess } from '../shell/start-process.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'

export type NotebookRunOptions = CommonOptions & { output?: string; timeout: string }

/** Executes notebooks without a browser. One that fails says why, and is left as it was. */
export async function notebookRun(files: readonly string[], options: NotebookRunOptions, io: Io): Promise<ExitCode> {
  const lab = findLab(io.cwd)
  const timeoutS = wholeSeconds(options.timeout)
  const pairs = files.map((file) => pairOf(file, options, io))
  const python = await findPython('nbclient', io)
  await ensureKernelSpec(lab)
  const paths = pairs.flatMap(({ from, to }) => [from, to])
  const script = join(lab.packageRoot, 'notebooks', 'execute.py')
  const interrupt = io.catchInterrupts()
  const running = startProcess([python, script, timeoutS, ...paths], {
    env: jupyterEnvironment(lab, options, io),
    signal: interrupt.soft,
    graceMs: 15_000, // it ends its kernel first
  })
  const written: string[] = []
  for await (const line of running.lines) {
    written.push(line)
    if (!options.json) io.stdout(`${line}\n`)
  }
  const { code } = await running.exited
  if (interrupt.soft.aborted) return exitCodes.interrupted
  if (options.json) printJson(io, { executed: written, failed: files.length - written.length })
  return code === 0 ? exitCodes.ok : exitCodes.trialsFailed
}

/** What a notebook's kernel needs to know: where kernels are, and which store is meant. */
export function jupyterEnvironment(lab: Lab, { store }: CommonOptions, { env, cwd }: Io): Record<string, string> {
  const before = env['JUPYTER_PATH']
  const folder = jupyterFolder(lab)
  return {
    JUPYTER_PATH: before ? `${folder}${delimiter}${before}` : folder,
    ...(store !== undefined && { BENCHBOOK_STORE: resolve(cwd, store) }),
  }
}

function pairOf(file: string, { output }: NotebookRunOptions, { cwd }: Io): { from: string; to: string } {
  const from = resolve(cwd, file)
  if (!existsSync(from)) throw new UserError(`${plain(file)} is not there: name a notebook`)
  if (output === undefined) return { from, to: from }
  makeFolder(resolve(cwd, output))
  return { from, to: join(resolve(cwd, output), basename(from)) }
}

function wholeSeconds(text: string): string {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UserError(`--timeout is a whole number of seconds, got ${plain(text)}`)
  return text
}
