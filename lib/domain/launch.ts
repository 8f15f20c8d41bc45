import type {
  ArtifactIdentity,
  ArtifactSource,
  BackendConfig,
  HardwareConfig,
  Limits,
  LoadConfig,
  WorkloadConfig,
} from './cell.ts'

import type { Guards } from './guard.ts'

/** One cell to be measured once inside a launch. */
export type TrialSpec = {
  trialId: number
  cellId: string
  workload: WorkloadConfig
  load: LoadConfig
  warmup: { requests: number }
  limits: Limits
  /** Draws the order of the prompts: equal for all arms of a block. */
  orderSeed: number
}

/** `launch.json` in a spool: all that the worker needs to know. */
export type LaunchSpec = {
  version: 1
  launchId: number
  planId: string
  /** Names the device whose lock the launch holds. */
  device: string
  /** Of two workers on one spool the first to claim it wins. */
  attempt: number
  backend: BackendConfig
  hardware: HardwareConfig
  source: ArtifactSource
  artifact: ArtifactIdentity
  /** Absent where the plan has none. */
  guards?: Guards
  trials: readonly TrialSpec[]
}
