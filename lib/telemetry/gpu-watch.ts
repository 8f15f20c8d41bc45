import { type CardSample, watchGpuCards } from './gpu-cards.ts'
import { type GpuWatchOptions, watchGpuMemory } from './gpu-memory.ts'

/** What the driver says of an engine's processes and of the cards that they use. */
export type GpuWatch = AsyncDisposable & {
  sample: (pids: readonly number[]) => CardSample & { vramBytes?: number }
}

/** Starts one `nvidia-smi` by process and one by card; `visible` is the engine's `CUDA_VISIBLE_DEVICES`. */
export function watchGpus(options: GpuWatchOptions & { visible?: string | undefined }): GpuWatch {
  const memory = watchGpuMemory(options)
  const cards = watchGpuCards(options)
  return {
    sample: (pids) => {
      const vramBytes = memory.usedBytes(pids)
      return { ...(vramBytes !== undefined && { vramBytes }), ...cards.sample(memory.cardsOf(pids)) }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([memory[Symbol.asyncDispose](), cards[Symbol.asyncDispose]()])
    },
  }
}
