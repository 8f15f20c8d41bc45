import type { Prompt, WorkloadConfig } from '../domain/cell.ts'
import { metrics, type Metric } from '../domain/metric.ts'
import { hasRandomWeights } from './comparison.ts'
import { type Costs, costsOf } from './costs.ts'
import type { Evidence } from './evidence.ts'
import { conversationText, loadText, wireSentences, withoutLevel } from './load-method.ts'
import { definitionOf, labelOf } from './metric-words.ts'
import { columnsOf } from './matrix-columns.ts'
import { shownText } from './shown-text.ts'
import { shownUnit } from './numbers.ts'

export type Definition = { metric: string; label: string; unit: string; better: string; formula: string; mean: string }
export type Method = {
  sentences: readonly string[]
  workloads: readonly { name: string; text: string; prompts: readonly { id: string; text: string }[]; more: string }[]
  /** Where hardware has a price. */
  costs: Costs | undefined
  definitions: readonly Definition[]
}

const listedPrompts = 20
const promptExcerpt = 300

/** How it was measured, and what every metric in the report means. */
export function methodOf(evidence: Evidence): Method {
  const { data, words } = evidence
  const { plan } = data
  const arms = new Set(plan.cells.map((cell) => cell.arm)).size
  return {
    sentences: [
      words('method.design', {
        n: plan.blocks,
        arms: words('method.arms', { n: arms }),
        launches: plan.launches.filter(({ role }) => role === undefined).length,
        seed: plan.seed,
      }),
      ...besideSentences(evidence),
      ...(plan.cells.some(({ config }) => config.backend.kind === 'llama.cpp') ? [words('method.launch')] : []),
      ...wireSentences(plan, words),
      words('method.warmup', { n: warmupText(evidence) }),
      words('method.values'),
      words(plan.blocks > 1 ? 'method.interval' : 'method.no-interval'),
      ...(plan.cells.some(hasRandomWeights) ? [words('method.random')] : []),
    ],
    workloads: workloadsOf(evidence),
    costs: costsOf(evidence),
    definitions: definitionsOf(evidence),
  }
}

/** Launches beside those of the arms: twins and sentinels. */
function besideSentences({ data, words }: Evidence): string[] {
  return (['twin', 'sentinel'] as const).flatMap((wanted) => {
    const n = data.plan.launches.filter(({ role }) => role === wanted).length
    return n === 0 ? [] : [words(`method.${wanted}`, { n })]
  })
}

/** One number, or where workloads differ in it each of them. */
function warmupText({ data, words }: Evidence): string {
  const byWorkload = new Map(data.plan.cells.map(({ config }) => [config.workload.name, config.warmup.requests]))
  const numbers = [...new Set(byWorkload.values())]
  if (numbers.length < 2) return numbers.join('')
  return [...byWorkload].map(([workload, n]) => words('method.warmup-of', { n, workload })).join(', ')
}

function workloadsOf({ data, words }: Evidence): Method['workloads'] {
  const byText = Map.groupBy(
    data.plan.cells.map(({ config }) => config),
    ({ workload, load }) => JSON.stringify([workload, withoutLevel(load)]),
  )
  return [...byText.values()].flatMap((configs) => {
    const [config] = configs
    if (config === undefined) return []
    const { workload } = config
    const loads = configs.map(({ load }) => load)
    const prompts = promptsOf(workload)
    const listed = prompts.slice(0, listedPrompts).map(({ id, text }) => ({ id, text: shownText(text, promptExcerpt) }))
    const more = prompts.length - listed.length
    const asked = workloadText(workload, words)
    const text = workload.kind === 'perplexity' ? asked : `${asked} ${loadText(loads, words)}`
    return [
      { name: workload.name, text, prompts: listed, more: more > 0 ? words('method.more-prompts', { n: more }) : '' },
    ]
  })
}

function workloadText(workload: WorkloadConfig, words: Evidence['words']): string {
  switch (workload.kind) {
    case 'completion':
    case 'chat': {
      const { maxTokens, temperature, seed, stop } = workload.sampling
      const values = { n: workload.prompts.length, maxTokens, temperature, seed }
      return [
        words(`method.${workload.kind}-${workload.output}`, values),
        ...(stop === undefined
          ? []
          : [words('method.stop', { stops: shownText(JSON.stringify(stop), promptExcerpt) })]),
        ...(workload.kind === 'chat' && workload.system !== undefined
          ? [words('method.system', { text: shownText(workload.system, promptExcerpt) })]
          : []),
        ...conversationText(workload, words),
        ...checksText(workload, words),
      ].join(' ')
    }
    case 'prefill-decode': {
      const { promptTokens, outputTokens, depth, seed } = workload
      return words('method.prefill-decode', { promptTokens, outputTokens, depth, seed })
    }
    case 'perplexity':
      return [
        words(workload.chunks === undefined ? 'method.perplexity-all' : 'method.perplexity', {
          text: workload.text.id,
          context: workload.context,
          n: workload.chunks ?? 0,
        }),
        ...(workload.base === undefined ? [] : [words('method.base', { base: workload.base })]),
      ].join(' ')
  }
}

function checksText({ prompts }: { prompts: readonly Prompt[] }, words: Evidence['words']): string[] {
  const n = prompts.filter(({ expected }) => expected !== undefined).length
  return n === 0 ? [] : [words('method.checked', { n })]
}

function promptsOf(workload: WorkloadConfig): readonly { id: string; text: string }[] {
  switch (workload.kind) {
    case 'completion':
    case 'chat':
      return workload.prompts
    case 'perplexity':
      return [workload.text]
    case 'prefill-decode':
      return []
  }
}

/** Of every metric that has a value. */
function definitionsOf(evidence: Evidence): Definition[] {
  const { data, words } = evidence
  const columns = columnsOf(evidence).map(({ metric }) => metric)
  const used = new Set<string>([...data.trials.flatMap((trial) => Object.keys(trial.metrics)), ...columns])
  return (Object.keys(metrics) as Metric[])
    .filter((metric) => used.has(metric))
    .map((metric) => {
      const { better, level, mean } = metrics[metric]
      return {
        metric,
        label: labelOf(evidence, metric),
        unit: shownUnit(metric),
        better: words(`method.better-${better}`),
        formula: definitionOf(evidence, metric),
        mean: words(`method.mean-${level}-${mean}`),
      }
    })
}
