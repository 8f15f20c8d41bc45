import { setTimeout as delay } from 'node:timers/promises'
import type { LaunchSpec } from '../domain/launch.ts'
import { runCommand } from '../shell/run-command.ts'
import { conditions } from '../telemetry/conditions.ts'
import { gpuTenants } from '../telemetry/gpu-tenants.ts'
import { type GuardView, type Passed, passGuards } from './pass-guards.ts'

/** Looks at what a launch is to be guarded from, on this machine. */
export async function guarded(
  { guards, hardware }: Pick<LaunchSpec, 'guards' | 'hardware'>,
  stop: AbortSignal,
  onWaiting: (detail: string) => void,
): Promise<Passed> {
  if (guards === undefined) return { status: 'passed', findings: [] }
  const usesGpu = hardware.needs.accelerator === 'cuda' || hardware.needs.accelerator === 'vulkan'
  const looksAtGpu = usesGpu && guards.foreignGpuTenant.action !== 'ignore'
  return passGuards(guards, {
    observe: async (): Promise<GuardView> => ({
      ...(await conditions()),
      gpuTenants: looksAtGpu ? await gpuTenants(runCommand) : [],
    }),
    wait: (ms) => delay(ms, undefined, { signal: stop }).catch(() => {}),
    monotonicMs: () => performance.now(),
    onWaiting,
    stop,
  })
}
