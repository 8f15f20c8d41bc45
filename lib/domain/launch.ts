import type { BackendConfig } from './backend-config.ts'
import type {
  ArtifactIdentity,
  ArtifactSource,
  BaseArtifact,
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
  /** The model that its probabilities are held against, on the same engine with the same settings. */
  base?: BaseArtifact
  /** How the engine has to do with that; never in a spool. */
  scoring?: BaseScoring
  load: LoadConfig
  warmup: { requests: number }
  limits: Limits
  /** Draws the order of the prompts: equal for all arms of a block. */
  orderSeed: number
  /** The bytes that a server sends are kept with their times. */
  keepStreams?: true
}

/**
 * What a base says of the windows of a text, in files of a folder that are gone when the trial has ended: `written` where the engine
 * has the base, `read` where it has the model that is held against it.
 */
export type BaseScoring = { folder: string; as: 'written' | 'read' }

/** `launch.json` in a spool: all that the worker needs to know. */
export type LaunchSpec<B extends BackendConfig = BackendConfig> = {
  version: 1
  launchId: number
  planId: string
  /** Names the device whose lock the launch holds. */
  device: string
  /** Of two workers on one spool the first to claim it wins. */
  attempt: number
  backend: B
  hardware: HardwareConfig
  /** The name under which a server is asked for the model. */
  model: string
  source: ArtifactSource
  artifact: ArtifactIdentity
  /** Where files are that the configs name otherwise, absolute, by that name. */
  files?: Readonly<Record<string, string>>
  /** Programs that this machine has elsewhere than on its PATH, by kind of backend. */
  programs?: Readonly<Record<string, string>>
  /** Absent where the plan has none. */
  guards?: Guards
  trials: readonly TrialSpec[]
  /** A launch of which nothing is kept: it ends with this process, and its spool goes with it. */
  owner?: { pid: number; startTicks?: string }
}
