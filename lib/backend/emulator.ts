import { type Backend, type BackendContext, EngineFailure } from '../domain/backend.ts'
import type { EmulatorConfig } from '../domain/backend-config.ts'
import type { Emulation } from '../domain/emulation.ts'
import type { LaunchSpec } from '../domain/launch.ts'
import { UserError } from '../domain/user-error.ts'
import { attached } from './attached.ts'
import { type RunningEmulator, startEmulator } from '../emulator/start-emulator.ts'

/** An emulated server, started for the launch in a process of its own, and asked like any other. It ends with this process. */
export const emulator: Backend<EmulatorConfig> = {
  async start(launch, context) {
    const { salt, clientProcesses, tokenizer, name: _, kind: __, ...emulation } = launch.backend
    const server = await started(launch, emulation, context)
    const settings = { salt, clientProcesses, ...(tokenizer !== undefined && { tokenizer }) }
    try {
      return await attached(
        launch,
        { kind: 'emulator', url: server.url, model: launch.model, server, ...settings },
        context,
      )
    } catch (error) {
      await server.stop()
      throw error
    }
  },
}

async function started({ model }: LaunchSpec, emulation: Emulation, { log }: BackendContext): Promise<RunningEmulator> {
  try {
    return await startEmulator(emulation, { models: [model], log })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new EngineFailure('engine-error', `the emulated server could not start: ${error.message}`, { cause: error })
  }
}
