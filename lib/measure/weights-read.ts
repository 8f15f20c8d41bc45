import type { ArtifactDescription } from '../domain/cell.ts'

/**
 * Bytes of weights that each token of a decode reads at least, however many requests share a step: the matrices of the layers,
 * without the embeddings, of which one row is read. Of experts only those count that one token uses: an attention has at least
 * two matrices of width x width, a feed-forward part at least two of width x its own. `undefined` where the header does not say.
 */
export function weightsRead({ shape, parameters, tensorBytes }: Partial<ArtifactDescription>): number | undefined {
  if (shape === undefined || parameters === undefined || tensorBytes === undefined) return undefined
  const { layers, width, feedForward, matrixBytes } = shape
  const inLayers = Object.values(matrixBytes).reduce((sum, bytes) => sum + bytes, 0)
  const used = layers * (2 * width * feedForward + 2 * width * width)
  return Math.min(inLayers, (tensorBytes * used) / parameters)
}
