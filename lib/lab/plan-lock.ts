import { lockHolder, takeLock } from '../shell/named-lock.ts'

const lockOf = (planId: string) => `plan-${planId}`

/** How a runner signs what it holds. */
export const runnerName = (pid: number) => `process ${pid}`

/** Makes this process the only one on this machine that runs a plan, until it releases that or ends. */
export const takePlan = (planId: string) => takeLock(lockOf(planId), runnerName(process.pid), 0)

/** Who runs a plan on this machine, as `runnerName` has it; `undefined` where nobody does. */
export const planHolder = (planId: string) => lockHolder(lockOf(planId))
