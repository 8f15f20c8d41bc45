import { asksServer } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Ns } from '../domain/timeline.ts'
import { conditions } from '../telemetry/conditions.ts'
import { watchGpuMemory } from '../telemetry/gpu-memory.ts'
import { hostFacts } from '../telemetry/host-facts.ts'
import { memorySampler, type Sample } from '../telemetry/memory-sampler.ts'
import { monotonicNs } from './monotonic.ts'
import { toolFacts } from './tool-facts.ts'

const gpuEveryMs = 500

/** What a manifest says before the engine is started. */
export async function observeHost(): Promise<Omit<Manifest, 'engine'>> {
  const [tool, host, now] = await Promise.all([toolFacts(), hostFacts(), conditions()])
  const { version: node, platform, arch } = process
  return { tool, runtime: { node, platform, arch }, host, conditions: now }
}

export type Sampling = AsyncDisposable & { sample: Sample }

/**
 * Samples of the driver's process tree; its GPU memory only where the launch computes on a GPU. A server is not in it, so that
 * then only what else kept the cores busy is sampled.
 */
export function startSampling(pid: number, origin: Ns, { backend, hardware }: LaunchSpec): Sampling {
  const of = asksServer(backend) ? 'client' : 'engine'
  const { accelerator } = hardware.needs
  const nowUs = () => (monotonicNs() - origin) / 1000
  const gpu = of === 'engine' && (accelerator === 'cuda' || accelerator === 'vulkan')
  const gpuMemory = gpu ? watchGpuMemory({ nowMs: () => performance.now(), intervalMs: gpuEveryMs }) : undefined
  return {
    sample: memorySampler({ pid, nowUs, of, ...(gpuMemory && { gpuMemory }) }),
    [Symbol.asyncDispose]: async () => gpuMemory?.[Symbol.asyncDispose](),
  }
}
