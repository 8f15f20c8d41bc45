import { createHash } from 'node:crypto'
import type { ArtifactIdentity, ArtifactSource } from '../domain/cell.ts'

/** What a server has under a name: nobody here has seen its files, so its digest is only that name's. */
export function servedArtifact({ name }: ArtifactSource & { kind: 'served' }): ArtifactIdentity {
  return { digest: createHash('sha256').update(`served ${name}`).digest('hex'), path: name }
}
