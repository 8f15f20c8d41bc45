import type { Cell } from '../domain/cell.ts'
import { findLabPath } from '../experiment/lab-path.ts'
import type { Lab } from './lab.ts'

/**
 * The files that a cell names beside its model, absolute, by the names that it has for them: in the lab, else in the package.
 * Certificates may lie anywhere, as nothing of them is kept. Whether a file is there is for its reader to say.
 */
export async function namedFiles({ config }: Cell, { root, packageRoot }: Lab): Promise<Record<string, string>> {
  const { backend } = config
  const names = backend.kind === 'openai' && backend.caFile !== undefined ? [backend.caFile] : []
  const folders = { labRoot: root, packageRoot, allowOutside: true }
  const found = await Promise.all(names.map(async (name) => [name, await findLabPath(name, folders)] as const))
  return Object.fromEntries(found.flatMap(([name, file]) => (file.status === 'ok' ? [[name, file.path]] : [])))
}
