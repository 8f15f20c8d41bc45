/** What is done where a guard finds something: measure when it has passed, not at all, with a warning, or as if nothing were. */
export type GuardAction = 'wait' | 'refuse' | 'warn' | 'ignore'

/** What is looked at before an engine is started. */
export type Guards = {
  /** Of the processor; `above` is in degrees Celsius. */
  temperature: { above: number; action: GuardAction }
  /** Another program that computes on the GPU; only where a launch uses one. */
  foreignGpuTenant: { action: GuardAction }
  /** The machine runs on its battery. */
  battery: { action: GuardAction }
}
export type GuardName = keyof Guards

/** What a guard found of a launch that was measured all the same. */
export type GuardFinding = { guard: GuardName; detail: string; waitedMs?: number }
