import { type ExitCode, exitCodes } from '../domain/user-error.ts'
import { findPython } from '../lab/find-python.ts'
import { ensureKernelSpec } from '../lab/kernel-spec.ts'
import { findLab } from '../lab/lab.ts'
import { runInForeground } from '../shell/run-in-foreground.ts'
import type { CommonOptions, Io } from './io.ts'
import { jupyterEnvironment } from './notebook-run.ts'

/** Opens JupyterLab in the lab, with its TypeScript kernel, until it is ended. */
export async function notebookStart(args: readonly string[], options: CommonOptions, io: Io): Promise<ExitCode> {
  const lab = findLab(io.cwd)
  const python = await findPython('jupyterlab', io)
  await ensureKernelSpec(lab)
  const env = { ...process.env, ...jupyterEnvironment(lab, options, io) }
  const code = await runInForeground([python, '-m', 'jupyterlab', ...args], { cwd: lab.root, env })
  return code === 0 ? exitCodes.ok : exitCodes.internal
}
