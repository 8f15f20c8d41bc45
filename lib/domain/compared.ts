import type { Metric } from './metric.ts'
import type { LaunchRow, PlanData, SessionRow, TrialRow } from './plan-data.ts'
import type { Plan } from './plan.ts'

/** All that verdicts on a plan rest on: nothing of requests but means per prompt, of however many there are. */
export type Compared = {
  plan: Plan
  sessions: readonly SessionRow[]
  /** Every attempt, with its role, in the order in which they run. */
  launches: readonly LaunchRow[]
  /** Those that count: of each planned trial the last attempt, of launches of every role. */
  trials: readonly ComparedTrial[]
  /** By digest. */
  manifests: PlanData['manifests']
}

export type ComparedTrial = Pick<
  TrialRow,
  'id' | 'launchId' | 'cellId' | 'block' | 'status' | 'reason' | 'detail' | 'invalid' | 'metrics'
> & {
  /** Measured requests, without those that the end of a duration cut off. */
  requests: { ok: number; failed: number }
  /** Of the measured requests that succeeded, by prompt, in the order of their ids. */
  prompts: readonly PromptMeans[]
  /** Of quality metrics: what each chunk of the text, or each prompt, has to say; in the order of their ids. */
  samples?: Partial<Record<Metric, readonly QualitySample[]>>
}

/** What a trial measured of one prompt. */
export type PromptMeans = {
  /** `prompt_id` of the requests: in `prefill-decode` the part. */
  promptId: string
  /** Requests that succeeded. */
  n: number
  /** Their mean, where all of them are known. */
  outputTokens?: number
  /** The same of the prompt as it was rendered: that two arms were sent the same. */
  promptTokens?: number
  /** Metrics of requests: the mean of those that have it, geometric or arithmetic as `metrics[metric].mean` says. */
  metrics: Partial<Record<Metric, number>>
}

/**
 * A chunk of a text (a window of a perplexity workload), or a prompt with its checks. Its mean is `sum / n`: of `perplexity`
 * the mean negative log-likelihood in nats, of KL divergence nats, of shares the share.
 */
export type QualitySample = { id: string; sum: number; n: number }
