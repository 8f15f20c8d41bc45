import type { LlamaCppConfig } from '../domain/backend-config.ts'
import type { ArtifactIdentity } from '../domain/cell.ts'
import { type TargetMemory, whyNoFit } from './memory-fit.ts'
import { sectionSchemas } from './sections.ts'

const smallest = 256

/**
 * The largest context (a power of two, or all that the model was trained for) with which one client fits into a target's memory
 * on the CPU; 0 where even the smallest does not, `undefined` where that cannot be known.
 */
export function largestContext(
  artifact: Omit<ArtifactIdentity, 'digest'>,
  target: Omit<TargetMemory, 'vramBytes'>,
): number | undefined {
  const { description } = artifact
  if (description?.shape === undefined || target.memoryBytes === undefined) return undefined
  const backend = { name: 'llama.cpp', ...sectionSchemas.backend.parse({ kind: 'llama.cpp' }) } as LlamaCppConfig
  const fits = (contextSize: number) =>
    whyNoFit(
      {
        artifact: { digest: '', ...artifact },
        config: {
          backend: { ...backend, contextSize },
          hardware: { needs: { accelerator: 'cpu' } },
          load: { kind: 'closed', clients: 1, requests: 1 },
          workload: { name: 'bench', kind: 'prefill-decode', promptTokens: 512, outputTokens: 128, depth: 0, seed: 0 },
        },
      },
      target,
    ) === undefined
  const whole = description.contextLength
  if (fits(whole)) return whole
  let largest = 0
  for (let context = smallest; context < whole && fits(context); context *= 2) largest = context
  return largest
}
