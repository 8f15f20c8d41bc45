import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path'
import type { BackendConfig } from '../domain/backend-config.ts'
import { type ProgramKind, enginePrograms, ownProgram, programName, programOf } from '../domain/engine-programs.ts'
import type { Cell } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { withoutHome } from '../domain/without-home.ts'
import { runCommand } from '../shell/run-command.ts'
import { findLab, type Place } from './lab.ts'

/** Where the program of an engine is, absolute, or in words why there is none. */
export type FoundProgram = { status: 'found'; path: string } | { status: 'missing'; why: string }

/** Starting Python takes a second on a small machine that does something else. */
const pythonMs = 30_000

/**
 * The program of an engine: the one that `programs` of `data/lab.yaml` names, else that of the lab's `.venv`, of the environment that
 * is active, or on the PATH. Where it is a Python, the first that has the engine's module.
 */
export async function findProgram(kind: ProgramKind, place: Place): Promise<FoundProgram> {
  const { program, module, install } = enginePrograms[kind]
  const named = place.settings?.status === 'ok' ? place.settings.value.programs?.[kind] : undefined
  if (named !== undefined) return programNamed(named, { kind, by: `programs.${kind} of data/lab.yaml`, place })
  for (const path of candidates(program, place))
    if (module === undefined || (await hasModule(path, module))) return { status: 'found', path }
  const what = module === undefined ? `the program ${program}` : `a Python that has ${module}`
  const attach = `${isInProcess(kind) ? 'ask a server instead with --set backend.kind=vllm' : 'attach with'} --set backend.url=...`
  const advice = `${install}, or name it under programs.${kind} in data/lab.yaml, or ${attach}; experiments/engines.md has more`
  return { status: 'missing', why: `${kind} needs ${what}, which this machine does not have: ${advice}` }
}

/** What runs in a process of ours is nowhere to attach to. */
const isInProcess = (kind: ProgramKind) => kind === 'transformers' || kind === 'vllm-offline'

/** Of the engines that cells start, in words why those are not here that are not, by `programName`. */
export async function missingPrograms(
  cells: readonly Pick<Cell, 'config'>[],
  place: Place,
): Promise<Readonly<Record<string, string>>> {
  const wanted = new Map(cells.map(({ config: { backend } }) => [programName(backend), backend]))
  const found = await Promise.all(
    [...wanted].map(async ([name, backend]) => {
      const kind = programOf(backend)
      return [name, kind && (await programFor(kind, backend, place))] as const
    }),
  )
  return Object.fromEntries(found.flatMap(([name, each]) => (each?.status === 'missing' ? [[name, each.why]] : [])))
}

/** The program of the engine that a cell starts, by its kind. */
export async function programsOf({ config }: Pick<Cell, 'config'>, place: Place): Promise<Record<string, string>> {
  const kind = programOf(config.backend)
  const found = kind && (await programFor(kind, config.backend, place))
  return kind && found?.status === 'found' ? { [kind]: found.path } : {}
}

/** The program that somebody names for an engine: as seen from the lab, absolute, or below the home folder (`~`). */
function programNamed(
  named: string,
  { kind, by, place }: { kind: ProgramKind; by: string; place: Place },
): FoundProgram {
  const path = resolve(findLab(place.cwd).root, named.startsWith(`~${sep}`) ? join(homedir(), named.slice(2)) : named)
  if (isProgram(path)) return { status: 'found', path }
  const shown = plain(withoutHome(path, homedir()))
  return { status: 'missing', why: `${kind} needs ${shown}, which ${by} names and is no program: correct that` }
}

/** The program of a cell's engine: its own build, or the one that is found. */
function programFor(kind: ProgramKind, backend: BackendConfig, place: Place): Promise<FoundProgram> {
  const own = ownProgram(backend)
  if (own === undefined) return findProgram(kind, place)
  return Promise.resolve(programNamed(own, { kind, by: 'backend.program', place }))
}

function candidates(program: string, { cwd, env }: Place): string[] {
  const active = env['VIRTUAL_ENV']
  const folders = [
    join(findLab(cwd).root, '.venv', 'bin'),
    ...(active ? [join(active, 'bin')] : []),
    ...(env['PATH'] ?? '').split(delimiter).filter(isAbsolute),
  ]
  return [...new Set(folders)].map((folder) => join(folder, program)).filter(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile() // of a folder the same right means that it can be entered
  } catch {
    return false
  }
}

async function hasModule(python: string, module: string): Promise<boolean> {
  const script = 'import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)'
  return (await runCommand([python, '-c', script, module], { timeoutMs: pythonMs })).code === 0
}
