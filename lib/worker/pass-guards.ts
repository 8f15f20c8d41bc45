import type { GuardFinding, GuardName, Guards } from '../domain/guard.ts'

/** What guards look at; what cannot be read is absent, and no reason for anything. */
export type GuardView = {
  temperatureCelsius?: number
  onBattery?: boolean
  /** Programs that compute on the GPU. */
  gpuTenants: readonly string[]
}
export type GuardContext = {
  observe: () => Promise<GuardView>
  /** Ends early where the launch is stopped. */
  wait: (ms: number) => Promise<void>
  monotonicMs: () => number
  /** What is waited for: said at first, and every minute. */
  onWaiting: (detail: string) => void
  stop: AbortSignal
}
export type Passed =
  | { status: 'passed'; findings: readonly GuardFinding[] }
  | { status: 'refused'; detail: string }
  | { status: 'stopped' }

const lookEveryMs = 5000
const sayEveryMs = 60_000
/** What has not passed by then will not. */
const longestMs = 30 * 60_000

/** Looks at everything that is guarded, and waits where that is asked for, for half an hour at most. */
export async function passGuards(guards: Guards, context: GuardContext): Promise<Passed> {
  const { observe, wait, monotonicMs, onWaiting, stop } = context
  const startedMs = monotonicMs()
  const waited = new Map<GuardName, GuardFinding>()
  for (let saidMs = Number.NEGATIVE_INFINITY; ;) {
    const found = findingsOf(guards, await observe())
    if (stop.aborted) return { status: 'stopped' }
    const asks = (wanted: string) => found.filter(({ guard }) => guards[guard].action === wanted)
    const refused = asks('refuse')
    if (refused.length > 0) return { status: 'refused', detail: textOf(refused) }
    const waiting = asks('wait')
    if (waiting.length === 0) return { status: 'passed', findings: [...waited.values(), ...asks('warn')] }
    const waitedMs = monotonicMs() - startedMs
    if (waitedMs >= longestMs) return { status: 'refused', detail: `${textOf(waiting)}, for 30 minutes` }
    if (waitedMs - saidMs >= sayEveryMs) onWaiting(textOf(waiting))
    if (waitedMs - saidMs >= sayEveryMs) saidMs = waitedMs
    await wait(lookEveryMs)
    for (const finding of waiting)
      waited.set(finding.guard, { ...finding, waitedMs: Math.round(monotonicMs() - startedMs) })
  }
}

const textOf = (findings: readonly GuardFinding[]) => findings.map(({ detail }) => detail).join('; ')

function findingsOf(guards: Guards, { temperatureCelsius, onBattery, gpuTenants }: GuardView): GuardFinding[] {
  const { above } = guards.temperature
  const details: Record<GuardName, string | undefined> = {
    temperature:
      temperatureCelsius !== undefined && temperatureCelsius > above
        ? `${Math.round(temperatureCelsius)} °C, needs ${above}`
        : undefined,
    foreignGpuTenant: gpuTenants.length > 0 ? `the GPU is used by ${gpuTenants.join(', ')}` : undefined,
    battery: onBattery === true ? 'the machine runs on its battery, needs mains' : undefined,
  }
  return Object.entries(details).flatMap(([guard, detail]) =>
    detail === undefined ? [] : [{ guard: guard as GuardName, detail }],
  )
}
