import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp'
import { type Backend, EngineFailure } from '../domain/backend.ts'
import type { LlamaCppConfig } from '../domain/backend-config.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import { failureOf } from './llama-cpp-failure.ts'
import { LlamaCppEngine } from './llama-cpp-engine.ts'
import { EngineLog } from './engine-log.ts'

/** llama.cpp inside this process, through node-llama-cpp and the build that it ships. */
export const llamaCpp: Backend<LlamaCppConfig> = {
  async start(launch, context) {
    const log = new EngineLog(context.log)
    try {
      const llama = await startLibrary(launch, log)
      const { backend, hardware, artifact } = launch
      const model = await llama.loadModel({
        modelPath: artifact.path,
        useMmap: backend.mmap,
        gpuLayers: hardware.needs.accelerator === 'cpu' ? 0 : (backend.gpuLayers ?? 'max'),
      })
      return await LlamaCppEngine.create({ launch, llama, model, context, log })
    } catch (error) {
      throw failureOf(error, launch.hardware.needs.accelerator, await log.firstError())
    }
  },
}

async function startLibrary(launch: LaunchSpec<LlamaCppConfig>, log: EngineLog): Promise<Llama> {
  const { accelerator } = launch.hardware.needs
  const llama = await getLlama({
    gpu: accelerator === 'cpu' ? false : accelerator,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    // Left to itself it decodes about 2,000 times slower on two cores.
    maxThreads: launch.backend.threads,
    logLevel: LlamaLogLevel.info,
    logger: (level, message) => log.add(message, level === LlamaLogLevel.error ? 'error' : 'other'),
  })
  // Asked for Metal on Linux it silently computes on the CPU.
  if ((llama.gpu === false ? 'cpu' : llama.gpu) !== accelerator)
    throw new EngineFailure(
      'accelerator-missing',
      `asked for ${accelerator}, llama.cpp computes on ${llama.gpu || 'cpu'}`,
    )
  return llama
}
