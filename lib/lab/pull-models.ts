import { artifactName, type RemoteSource } from '../domain/artifact-name.ts'
import { enginePrograms } from '../domain/engine-programs.ts'
import { plain } from '../domain/plain.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { notHere } from '../artifact/not-here.ts'
import { resolveArtifact } from '../artifact/resolve-artifact.ts'
import { findOllama, ollamaStores } from '../hub/ollama-store.ts'
import { planPull, type PullContext } from '../hub/pull-repo.ts'
import { isCommit } from '../hub/repo-file.ts'
import { startProcess } from '../shell/start-process.ts'
import { artifactFolders } from './expand-file.ts'
import { findProgram } from './find-program.ts'
import { hubOf } from './hub-place.ts'
import { findLab, type Place } from './lab.ts'

/** Something that is to be fetched. */
export type PlannedPull = {
  name: string
  /** What has to come, and of how much; `undefined` where only another program knows. */
  missingBytes?: number
  bytes?: number
  /** Programs that a repository brings and that are not fetched. */
  code: readonly string[]
  run: (context: Omit<PullContext, 'settings'>) => Promise<void>
}

/** Asks what has to be fetched for each artifact, before any of it is. Throws a `UserError` for the first that cannot be had. */
export async function planPulls(
  sources: readonly RemoteSource[],
  place: Place,
  signal: AbortSignal,
): Promise<PlannedPull[]> {
  const pulls: PlannedPull[] = []
  for (const source of sources) {
    if (source.kind === 'ollama') pulls.push(ollamaPull(source.name, place))
    else if (hubOf(place).offline || (await isSurelyHere(source, place))) pulls.push(await herePull(source, place))
    else {
      const { bytes, missingBytes, code, run } = await planPull(source, { settings: hubOf(place), signal })
      pulls.push({ name: artifactName(source), bytes, missingBytes, code, run })
    }
  }
  return pulls
}

/** One file at a commit is all that there is to it: nobody has to be asked. */
async function isSurelyHere(source: RemoteSource & { kind: 'hf' }, place: Place): Promise<boolean> {
  if (source.file === undefined || !isCommit(source.revision)) return false
  return (await resolveArtifact(source, artifactFolders(findLab(place.cwd), place))).bytes !== undefined
}

/** What is here already, where nobody may be asked whether it is all. */
async function herePull(source: RemoteSource, place: Place): Promise<PlannedPull> {
  const { bytes } = await resolveArtifact(source, artifactFolders(findLab(place.cwd), place))
  if (bytes === undefined) throw new UserError(notHere(source, 'offline'), exitCodes.unavailable)
  return { name: artifactName(source), bytes, missingBytes: 0, code: [], run: async () => {} }
}

function ollamaPull(name: string, place: Place): PlannedPull {
  const found = findOllama(name, ollamaStores(place.env))
  const known = found === undefined ? {} : { bytes: found.bytes, missingBytes: 0 }
  const source = { kind: 'ollama', name } as const
  if (found === undefined && hubOf(place).offline)
    throw new UserError(notHere(source, 'offline'), exitCodes.unavailable)
  return {
    name: artifactName(source),
    ...known,
    code: [],
    run: ({ signal }) => runOllama('pull', { name, place, signal }),
  }
}

type Run = { name: string; place: Place; signal: AbortSignal }

/** Ollama's own program has its store: it shows its progress and says its errors itself. */
export async function runOllama(verb: 'pull' | 'rm', { name, place, signal }: Run): Promise<void> {
  const { PATH } = place.env
  const found = await findProgram('ollama', place)
  if (found.status === 'missing')
    throw new UserError(
      `ollama:${plain(name)} is for Ollama's own program, which is not here: install it (${enginePrograms.ollama.install}), or name it under programs.ollama in data/lab.yaml`,
      exitCodes.unavailable,
    )
  const running = startProcess([found.path, verb, name], {
    signal,
    stdout: 2,
    ...(PATH !== undefined && { env: { PATH } }),
  })
  const { code } = await running.exited
  signal.throwIfAborted()
  if (code === 0) return
  throw new UserError(
    `ollama ${verb} ${plain(name)} ended with ${code === undefined ? 'a signal' : `code ${code}`}: what it says is above; its service has to run`,
    exitCodes.unavailable,
  )
}
