import type { Emulation } from '../../lib/domain/emulation.ts'

/** An emulation whose times are round: no jitter, no slowdown. */
export const evenly: Emulation = {
  seed: 42,
  firstTokenMs: 50,
  promptTokenMs: 0,
  tokenMs: 10,
  jitter: 0,
  slots: 64,
  slowdown: 0,
  role: 'at-once',
  tokensPerChunk: 1,
  chunksPerWrite: 1,
  usage: 'honest',
  cached: 0,
  faults: [],
}
