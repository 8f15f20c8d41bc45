import type { ArtifactDescription, Cell } from '../../lib/domain/cell.ts'
import type { LaunchRow, PlanData, TrialRow } from '../../lib/domain/plan-data.ts'
import { randomSequence } from '../../lib/domain/seeded.ts'
import { cellOf, digestOf, manifestOf, quantizationsOf, type FixtureOptions } from './fixture-cell.ts'
import { trialOf } from './fixture-trial.ts'

/** A plan with everything measured: figures are made up, and the same every time. */
export function fixture(options: FixtureOptions = {}): PlanData {
  const cells = (options.models ?? ['demo', 'random-50m']).flatMap((model) =>
    quantizationsOf[model].flatMap((quantization) =>
      (options.threads ?? [1, 2]).flatMap((threads) =>
        (options.workloads ?? ['decode', 'quality'])
          .filter((workload) => workload === 'decode' || (model === 'demo' && threads === 1))
          .map((workload) => cellOf({ model, quantization, threads, workload, options })),
      ),
    ),
  )
  const arms = Map.groupBy(cells, (cell) => cell.arm)
  const planned = Array.from({ length: options.blocks ?? 1 }, (_, block) =>
    [...arms.entries()].map(([arm, ofArm]) => ({
      block,
      arm,
      stratum: '{}',
      device: 'cpu',
      cellIds: ofArm.map(({ id }) => id),
    })),
  ).flat()
  const launches = planned.map(({ block, arm }, index): LaunchRow => {
    const digest = `manifest-${arm}`
    return {
      id: index + 1,
      ordinal: index,
      block,
      arm,
      stratum: '{}',
      device: 'cpu',
      attempt: 1,
      status: 'ok',
      outcome: { status: 'ok' },
      loadMs: 180,
      manifestDigest: digest,
      spoolOffset: 0,
    }
  })
  const random = randomSequence(7)
  const trials = planned.flatMap(({ cellIds, block }, launch) =>
    cellIds.map((cellId) => ({
      launchId: launch + 1,
      cellId,
      block,
      cell: cells.find(({ id }) => id === cellId) as Cell,
    })),
  )
  const measured = trials.map((trial, index) =>
    trialOf({ ...trial, id: index + 1, random, requests: options.requests ?? 5 }),
  )
  return {
    plan: {
      id: '3f9ac1d2e4b5',
      experiment: {
        name: 'quickstart',
        title: options.title ?? 'Does quantizing pay on this CPU?',
        question:
          options.question ??
          'What do Q8_0 and Q4_0 gain over F16 in decode speed, and what do they cost in quality and memory?',
        file: 'experiments/quickstart.yaml',
        text: 'name: quickstart\naxes:\n  model: [demo, random-50m]\n',
        digest: digestOf('quickstart'),
      },
      createdAtMs: Date.UTC(2026, 10, 20, 9, 0, 0),
      seed: 42,
      blocks: options.blocks ?? 1,
      cells,
      skipped: [],
      launches: planned,
      command: 'benchbook run experiments/quickstart.yaml --yes',
    },
    sessions: [
      {
        id: 1,
        startedAtMs: Date.UTC(2026, 10, 20, 9, 0, 5),
        endedAtMs: Date.UTC(2026, 10, 20, 9, 1, 44),
        resumes: 0,
        status: 'ended',
      },
    ],
    launches,
    trials: measured.map(({ trial }) => trial),
    unused: [],
    requests: measured.flatMap(({ requests }) => requests).map((request, index) => ({ ...request, id: index + 1 })),
    manifests: Object.fromEntries(
      [...arms.values()].map((ofArm) => [
        `manifest-${ofArm[0]?.arm}`,
        { manifest: manifestOf(ofArm[0] as Cell), setup: digestOf(ofArm[0]?.arm ?? '') },
      ]),
    ),
    artifacts: Object.fromEntries(
      cells.map(({ artifact }) => [
        artifact.digest,
        {
          path: artifact.path,
          bytes: artifact.bytes as number,
          description: artifact.description as ArtifactDescription,
        },
      ]),
    ),
  }
}

/** The trials of `data` that `pick` takes, changed. */
export function withTrials(
  data: PlanData,
  pick: (trial: TrialRow, cell: Cell) => boolean,
  change: Partial<TrialRow>,
): PlanData {
  const cells = new Map(data.plan.cells.map((cell) => [cell.id, cell]))
  return {
    ...data,
    trials: data.trials.map((trial) =>
      pick(trial, cells.get(trial.cellId) as Cell) ? { ...trial, ...change } : trial,
    ),
  }
}
