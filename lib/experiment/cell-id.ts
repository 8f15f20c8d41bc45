import { createHash } from 'node:crypto'
import type { CellConfig, HardwareConfig, LoadConfig, WorkloadConfig } from '../domain/cell.ts'
import { canonicalJson } from '../domain/canonical-json.ts'

/** SHA-256 in hex of UTF-8 text. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Gives cells their ids: SHA-256 in hex of the canonical JSON of the config, in which `artifact` is the artifact's digest, `base` that
 * of the base's, where there is one, and prompts, a text to score and the times of a trace are the SHA-256 of their canonical JSON. Paths, titles, limits and the
 * machine have no part in it. Parts that many cells share are written and hashed once.
 */
export function cellIdentifier(): (config: CellConfig, artifactDigest: string, baseDigest?: string) => string {
  const written = new WeakMap<object, string>()
  const once = (part: object, hashed = () => part): string => {
    const json = written.get(part) ?? canonicalJson(hashed())
    written.set(part, json)
    return json
  }
  // The keys are written in order, so that the whole is the canonical JSON.
  return ({ backend, hardware, load, model, quantization, warmup, workload }, artifactDigest, baseDigest) => {
    const base = baseDigest === undefined ? '' : `"base":${JSON.stringify(baseDigest)},`
    return sha256(
      `{"artifact":${JSON.stringify(artifactDigest)},"backend":${once(backend)},${base}"hardware":${once(hardware, () => withoutSizes(hardware))},` +
        `"load":${once(load, () => withoutArrivals(load))},"model":${once(model)},"quantization":${JSON.stringify(quantization)},` +
        `"warmup":${once(warmup)},"workload":${once(workload, () => withoutTexts(workload))}}`,
    )
  }
}

/** What the target has or must have decides whether a cell runs, and not what comes of it. */
function withoutSizes({ name, target, needs }: HardwareConfig): object {
  return { name, target, needs: { accelerator: needs.accelerator } }
}

/** Where a trace's times were read from is no part of what is measured, and they are many. */
function withoutArrivals(load: LoadConfig): object {
  if (load.kind !== 'trace') return load
  const { file: _, arrivalsMs, ...rest } = load
  return { ...rest, arrivals: sha256(canonicalJson(arrivalsMs)) }
}

function withoutTexts(workload: WorkloadConfig): object {
  switch (workload.kind) {
    case 'completion':
    case 'chat':
      return { ...workload, prompts: sha256(canonicalJson(workload.prompts)) }
    case 'perplexity':
      return { ...workload, text: sha256(canonicalJson(workload.text)) }
    case 'prefill-decode':
      return workload
  }
}
