import type { LlamaCppConfig } from '../domain/backend-config.ts'
import type { Cell } from '../domain/cell.ts'
import type { ModelShape } from '../domain/model-shape.ts'

/** What a launch takes of one kind of memory, in bytes. */
export type MemoryNeed = { weightsBytes: number; kvCacheBytes: number; overheadBytes: number }
export type CellMemory = { memory: MemoryNeed; vram?: MemoryNeed }

/** What a cell needs is decided by this much of it. */
export type SizedCell = Pick<Cell, 'artifact'> & {
  config: Pick<Cell['config'], 'load' | 'workload'> & {
    backend: LlamaCppConfig
    hardware: Pick<Cell['config']['hardware'], 'needs'>
  }
}

/** The process that has the engine, without what it loads: 75 to 92 MB (PSS) on Linux. */
const processBytes = 92e6
/** What the libraries of a GPU take there and in the process. */
const gpuContextBytes = 500e6
const gpuLibraryBytes = 300e6
/** What JavaScript holds of the logits of a perplexity window beside llama.cpp's own copy: 50 to 60 MB where the vocabulary is small. */
const scoringBytes = 55e6
const float32Bytes = 4
const float16Bytes = 2
/** llama.cpp rounds contexts up to it. */
const contextStep = 256

/**
 * What a launch of a cell will hold at its peak: weights, a KV cache that is laid out for the whole context of every client, and
 * the rest (process, compute buffers, logits). Fitted to llama.cpp v0.4.0 on a CPU; `undefined` where the model is not described.
 * `repacked` names the weight types of which the processor's kernels keep a second copy in another order.
 */
export function memoryNeed({ artifact, config }: SizedCell, repacked: readonly string[]): CellMemory | undefined {
  const { description } = artifact
  if (description === undefined) return undefined
  const { shape, tensorBytes, vocabulary } = description
  const { backend, hardware } = config
  const copies = backend.mmap && shape !== undefined ? repackedBytes(shape, repacked) : 0
  const kvCacheBytes = shape === undefined ? 0 : kvBytes(shape, config)
  const computeBytes = shape === undefined ? 0 : computeBuffer({ ...shape, vocabulary }, backend)
  const logitBytes = config.workload.kind === 'perplexity' ? scoring(vocabulary, config) : 0
  if (hardware.needs.accelerator === 'cpu') {
    const overheadBytes = processBytes + computeBytes + logitBytes
    return { memory: { weightsBytes: tensorBytes + copies, kvCacheBytes, overheadBytes } }
  }
  const onGpu = gpuShare(backend.gpuLayers, shape?.layers)
  return {
    memory: {
      weightsBytes: Math.round((tensorBytes + copies) * (1 - onGpu)),
      kvCacheBytes: Math.round(kvCacheBytes * (1 - onGpu)),
      overheadBytes: processBytes + gpuLibraryBytes + logitBytes,
    },
    vram: {
      weightsBytes: Math.round(tensorBytes * onGpu),
      kvCacheBytes: Math.round(kvCacheBytes * onGpu),
      overheadBytes: gpuContextBytes + computeBytes,
    },
  }
}

export const totalBytes = ({ weightsBytes, kvCacheBytes, overheadBytes }: MemoryNeed): number =>
  weightsBytes + kvCacheBytes + overheadBytes

function repackedBytes({ matrixBytes }: ModelShape, repacked: readonly string[]): number {
  return repacked.reduce((sum, type) => sum + (matrixBytes[type] ?? 0), 0)
}

/** The output counts as a layer. */
function gpuShare(gpuLayers: number | undefined, layers: number | undefined): number {
  return gpuLayers === undefined || layers === undefined ? 1 : Math.min(1, gpuLayers / (layers + 1))
}

type Config = SizedCell['config']

function kvBytes({ kvPerToken, sliding, stateBytes = 0 }: ModelShape, { backend, load }: Config): number {
  const { contextSize, batchSize } = backend
  const whole = roundUp(contextSize * load.clients) * kvPerToken
  const window = Math.min(roundUp(contextSize), roundUp((sliding?.tokens ?? 0) + batchSize))
  const near = window * load.clients * (sliding?.kvPerToken ?? 0)
  return (whole + near) * float16Bytes + stateBytes * load.clients
}

/** The largest of what stands side by side in the graph of one batch: the logits, or a layer's feed-forward part, or its attention. */
function computeBuffer(
  { width, feedForward, heads, vocabulary }: ModelShape & { vocabulary: number },
  { batchSize, contextSize, flashAttention }: Config['backend'],
): number {
  const cells = roundUp(contextSize)
  const widest = Math.max(vocabulary + width, 3 * feedForward + 4 * width) * float32Bytes
  if (flashAttention) return batchSize * (widest + cells * float16Bytes)
  const scores = (heads * cells + 7 * width) * float32Bytes
  return batchSize * (Math.max(widest, scores) + cells * float32Bytes)
}

function scoring(vocabulary: number, { backend, workload }: Config): number {
  const tokens = Math.min(backend.batchSize, workload.kind === 'perplexity' ? workload.context : backend.batchSize)
  return 2 * float32Bytes * vocabulary * tokens + scoringBytes
}

const roundUp = (tokens: number) => Math.ceil(tokens / contextStep) * contextStep
