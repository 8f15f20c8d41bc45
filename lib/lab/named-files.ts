import { asksServer, type BackendConfig } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import { wordsName } from '../domain/tokenizer.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { findLabPath } from '../experiment/lab-path.ts'
import { orThrow } from '../parse/problem.ts'
import { readTokenizer } from '../prompts/tokenizer.ts'
import type { Lab } from './lab.ts'

/**
 * The files that a cell names beside its model, absolute, by the names that it has for them: in the lab, else in the package.
 * Certificates may lie anywhere, as nothing of them is kept. Whether a file is there is for its reader to say.
 */
export async function namedFiles(
  { config }: Pick<Cell, 'config'>,
  { root, packageRoot }: Lab,
): Promise<Record<string, string>> {
  const { backend } = config
  const names = [
    ...('caFile' in backend && backend.caFile !== undefined ? [backend.caFile] : []),
    ...(tokenizerFile(backend) ?? []),
  ]
  const folders = { labRoot: root, packageRoot, allowOutside: true }
  const found = await Promise.all(names.map(async (name) => [name, await findLabPath(name, folders)] as const))
  return Object.fromEntries(found.flatMap(([name, file]) => (file.status === 'ok' ? [[name, file.path]] : [])))
}

/** The file of the tokenizer that counts outputs, where that is one. */
function tokenizerFile(backend: BackendConfig): [string] | undefined {
  if (!asksServer(backend) || backend.tokenizer === undefined || backend.tokenizer === wordsName) return undefined
  return [backend.tokenizer]
}

/** Throws a `UserError` where the tokenizer that counts outputs is not the one that the cell was planned with. */
export async function checkTokenizer(cell: Pick<Cell, 'config'>, lab: Lab): Promise<void> {
  const { backend } = cell.config
  const [file] = tokenizerFile(backend) ?? []
  if (file === undefined || !asksServer(backend)) return
  const path = (await namedFiles(cell, lab))[file] ?? file
  const { digest } = orThrow(await readTokenizer({ file, path }))
  if (digest !== backend.tokenizerDigest)
    throw new UserError(`${plain(file)} is not the tokenizer that the plan was made with: put that back, or plan again`)
}
