import { asksServer, attachedUrl } from './backend-config.ts'
import type { CellConfig } from './cell.ts'

/**
 * Whether a model is known by a name alone, as a server has it that runs already: nobody here has seen its files, and the digest of
 * its artifact is one of that name and of where it is asked.
 */
export const isUnseenModel = ({ backend, artifact }: Pick<CellConfig, 'backend' | 'artifact'>): boolean =>
  asksServer(backend) && (attachedUrl(backend) !== undefined || artifact.kind === 'served')
