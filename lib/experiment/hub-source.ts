import type { ArtifactSource } from '../domain/cell.ts'
import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import { artifactSchema } from './schema.ts'

const form = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([\w.-]+))?(?:\/(.+))?$/

/** What `org/name[@revision][/file.gguf]` names. Throws a `UserError` for what an experiment file could not name either. */
export function hubSource(text: string): ArtifactSource & { kind: 'hf' } {
  const [, hf, revision, file] = form.exec(text) ?? []
  const parts = { hf, ...(revision !== undefined && { revision }), ...(file !== undefined && { file }) }
  const checked = artifactSchema.safeParse(parts)
  if (!checked.success || !('hf' in checked.data))
    throw new UserError(
      `hf:${plain(text)} names no repository: write it as in hf:org/name, hf:org/name@v1.0 or hf:org/name/file.gguf`,
    )
  const { hf: repo, ...rest } = checked.data
  return { kind: 'hf', repo, revision: rest.revision, ...(rest.file !== undefined && { file: rest.file }) }
}
