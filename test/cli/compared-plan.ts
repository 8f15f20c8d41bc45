import type { Compare, Plan } from '../../lib/domain/plan.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import type { RequestTimeline } from '../../lib/domain/timeline.ts'
import { armOf } from '../../lib/experiment/arm.ts'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { commitRecords } from '../../lib/store/commit-records.ts'
import { insertPlan } from '../../lib/store/insert-plan.ts'
import { markStarted, readLaunches } from '../../lib/store/launches.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { readLaunchTrials } from '../../lib/store/read-trials.ts'
import { endSession, startSession } from '../../lib/store/sessions.ts'
import { CommandLine } from './command-line.ts'
import { claimed, done, examplePlan, exampleRequest, loaded, numbered, trialRecords } from '../store/example.ts'

export type ComparedSpec = {
  id?: string
  blocks?: number
  /** So many are measured; by default all. */
  measured?: number
  /** How many times as fast as f16 q4_0 decodes, and how far blocks differ. */
  faster?: number
  noise?: number
  /** How many nats more q4_0 takes for a token. */
  worse?: number
  atMs?: number
  compare?: Partial<Compare> | null
  change?: Partial<Plan>
}

const margins: Compare['margins'] = [
  { metric: 'decode_tps', margin: 0.02 },
  { metric: 'perplexity', margin: 0.01 },
]

/** f16 against q4_0 with a chat and a text each, as a session would leave it in a store; figures are made up, and the same every time. */
export function storeCompared(file: string, spec: ComparedSpec = {}): string {
  const { blocks = 10, measured = blocks, faster = 1.3, noise = 0.01, worse = 0, atMs = 1000 } = spec
  using store = openStore({ file, mode: 'write' })
  const plan = comparedPlan(spec, blocks)
  insertPlan(store, plan)
  const sessionId = startSession(store, { planId: plan.id, atMs })
  const random = randomSequence(11)
  for (const { id: launchId, arm, block } of readLaunches(store, plan.id)) {
    if (block >= measured) continue
    markStarted(store, { launchId, sessionId, spool: `spools/${launchId}` })
    const isQuantized = arm.includes('q4_0')
    const speed = (isQuantized ? faster : 1) * (1 + noise * (random() - 0.5))
    const [chat, quality] = readLaunchTrials(store, launchId).map(({ id }) => id) as [number, number]
    const records = [
      claimed,
      loaded,
      ...trialRecords(chat, answers(speed)),
      ...trialRecords(quality, windows(isQuantized ? worse : 0)),
      done,
    ]
    commitRecords(store, { launchId, records: numbered(records), endOffset: 10 })
    for (const id of [chat, quality]) deriveMeasurements(store, id)
  }
  endSession(store, { sessionId, atMs: atMs + 1000, status: 'ended' })
  return plan.id
}

function comparedPlan({ id = 'c0ffee000001', compare, change }: ComparedSpec, blocks: number): Plan {
  const treatment = ['quantization']
  const example = examplePlan()
  const cells = example.cells
    .filter(({ config }) => config.workload.name !== 'speed')
    .map((cell) => ({ ...cell, ...armOf(cell.axes, treatment) }))
  const arms = [...Map.groupBy(cells, ({ arm }) => arm)]
  const [base = '', against = ''] = arms.map(([arm]) => arm)
  const launches = Array.from({ length: blocks }, (_, block) =>
    arms.map(([arm, of]) => ({
      block,
      arm,
      stratum: '{"model":"demo"}',
      device: 'cpu0',
      cellIds: of.map((cell) => cell.id),
    })),
  )
  return {
    ...example,
    id,
    blocks,
    cells,
    launches: launches.flat(),
    ...(compare !== null && { compare: { treatment, pairs: [{ base, against }], margins, ...compare } }),
    ...change,
  }
}

const answers = (speed: number): RequestTimeline[] =>
  ['p1', 'p2'].map((promptId, at) => ({
    ...exampleRequest,
    promptId,
    events: { deltasUs: [100_000, ...Array.from({ length: 2 }, () => Math.round((20_000 + 1000 * at) / speed))] },
  }))

function windows(worse: number): RequestTimeline[] {
  const random = randomSequence(5)
  const { events: _, outputTokens: __, output: ___, ...rest } = exampleRequest
  return [...Array(12).keys()].map((at) => ({
    ...rest,
    promptId: `held-out#${at}`,
    part: 'window' as const,
    nll: Array.from({ length: 4 }, () => Number((2 + random() + worse).toFixed(6))),
  }))
}

/** A lab with such plans in its store; without any said, with one. */
export function labWith(...plans: readonly ComparedSpec[]): CommandLine {
  const lab = new CommandLine()
  for (const plan of plans.length === 0 ? [{}] : plans) storeCompared(lab.store, plan)
  return lab
}
