import type { Plan } from '../domain/plan.ts'
import { exitCodes, UserError } from '../domain/user-error.ts'
import { type Lock, lockHolder, takeLock } from '../shell/named-lock.ts'

const lockOf = (planId: string) => `plan-${planId}`

/** How a runner signs what it holds. */
export const runnerName = (pid: number) => `process ${pid}`

/** Who runs a plan on this machine, as `runnerName` has it; `undefined` where nobody does. */
export const planHolder = (planId: string) => lockHolder(lockOf(planId))

/** For a run that is about to end. */
const devicePatienceMs = 3000

/**
 * Keeps other runners from a plan and from the devices that it measures on, until it is disposed. A device belongs to a run as a
 * whole: its launches lock it too, but between two of them another run would come in, and the next launch of this one be refused.
 * Throws a `UserError` that names who is there already.
 */
export async function lockPlan(
  { id, launches }: Pick<Plan, 'id' | 'launches'>,
  patienceMs = devicePatienceMs,
): Promise<Disposable> {
  const taken: Lock[] = []
  const release = () => {
    for (const lock of taken) if (lock.status === 'taken') lock.release()
  }
  const hold = async (lock: Promise<Lock>, refusal: (holder: string) => string) => {
    const got = await lock
    taken.push(got)
    if (got.status === 'taken') return
    release()
    throw new UserError(`${refusal(got.holder)}: wait for it or stop it`, exitCodes.unavailable)
  }
  const own = runnerName(process.pid)
  await hold(takeLock(lockOf(id), own, 0), (other) => `plan ${id} is being run by ${other}`)
  for (const device of new Set(launches.map((launch) => launch.device)))
    await hold(
      takeLock(`run-${device}`, `plan ${id} (${own})`, patienceMs),
      (other) => `device ${device} is in use by ${other}`,
    )
  return { [Symbol.dispose]: release }
}
