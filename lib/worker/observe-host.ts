import { asksServer, type BackendConfig } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Ns } from '../domain/timeline.ts'
import { conditions } from '../telemetry/conditions.ts'
import { watchGpus } from '../telemetry/gpu-watch.ts'
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

export type Sampling = AsyncDisposable & {
  sample: Sample
  /** The engine has a process of its own: that one's tree is sampled from here on. */
  follow: (pid: number) => void
}

/**
 * Samples of the engine's process tree: the driver's, where that has the engine, or that of the process to follow. A server that
 * the launch did not start has none here: then only what else kept the cores busy is sampled. GPUs only where the launch computes on them.
 */
export function startSampling(driver: number, origin: Ns, { backend, hardware }: LaunchSpec): Sampling {
  const { accelerator } = hardware.needs
  const onGpu = accelerator === 'cuda' || accelerator === 'vulkan'
  const watch = () => watchGpus({ nowMs: () => performance.now(), intervalMs: gpuEveryMs, visible: visibleTo(backend) })
  let engine = asksServer(backend) ? undefined : driver
  let gpus = engine !== undefined && onGpu ? watch() : undefined
  return {
    sample: memorySampler({
      pid: driver,
      engine: () => engine,
      nowUs: () => (monotonicNs() - origin) / 1000,
      gpus: () => gpus,
    }),
    follow: (pid) => {
      engine = pid
      if (onGpu) gpus ??= watch()
    },
    [Symbol.asyncDispose]: async () => gpus?.[Symbol.asyncDispose](),
  }
}

/** What the engine is told of the cards; what refers to another variable is taken from our own environment. */
function visibleTo(backend: BackendConfig): string | undefined {
  const given = 'launch' in backend ? backend.launch.env : 'env' in backend ? backend.env : {}
  const visible = given['CUDA_VISIBLE_DEVICES']
  return visible === undefined || visible.includes('${') ? process.env['CUDA_VISIBLE_DEVICES'] : visible
}
