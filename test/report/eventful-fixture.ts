import type { Cell } from '../../lib/domain/cell.ts'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import type { SkippedCell } from '../../lib/domain/plan.ts'
import { fixture, withTrials } from './fixture.ts'
import type { FixtureOptions } from './fixture-cell.ts'
import { embedded } from '../embedded.ts'

/** Text that a page must survive: it ends elements, opens templates, reorders and hides. */
export const hostile = {
  script: '</script><script>alert(1)</script>',
  template: '{{constructor}} {{{style}}} ${process.env.HOME}',
  attribute: '" onmouseover="alert(1)" x="',
  bidi: 'safe\u202Etxt.exe\u2066',
  nul: 'a\u0000b\u001b[31mred',
  expression: "datum['x'] === '' || alert(1) //",
} as const

/** As much as a report may have to show at once: a skipped cell, a crash with its log, an invalid trial, hostile text everywhere. */
export function eventfulFixture(options: FixtureOptions = {}): PlanData {
  const plain = fixture({ prompt: `${hostile.script} ${hostile.bidi} ${'x'.repeat(100_000)}`, ...options })
  const crashed = withTrials(plain, (_, cell) => decodes(cell, 'demo q4_k_m 2'), {
    status: 'failed',
    reason: 'crashed',
    detail: `SIGABRT ${hostile.attribute}`,
    metrics: {},
  })
  const invalid = withTrials(crashed, (_, cell) => decodes(cell, 'random-50m q8_0 2'), {
    invalid: [{ reason: 'contention', detail: `0.31 cores were busy elsewhere ${hostile.template}` }],
  })
  const skipped: SkippedCell = {
    axes: { model: 'random-50m', quantization: 'q4_k_m', 'backend.threads': 1 },
    reason: 'format',
    detail: `generated weights have no q4_k_m ${hostile.nul}`,
  }
  const broken = new Set(invalid.trials.filter((trial) => trial.status === 'failed').map((trial) => trial.launchId))
  return {
    ...invalid,
    plan: {
      ...invalid.plan,
      skipped: [skipped],
      experiment: { ...invalid.plan.experiment, text: `${invalid.plan.experiment.text}# ${hostile.script}\n` },
    },
    launches: invalid.launches.map((launch) =>
      broken.has(launch.id)
        ? {
            ...launch,
            status: 'failed',
            outcome: {
              status: 'failed',
              reason: 'crashed',
              detail: 'SIGABRT',
              logTail: `GGML_ASSERT: ${hostile.script}\n`,
            },
          }
        : launch,
    ),
    requests: invalid.requests.filter((request) =>
      invalid.trials.some((trial) => trial.id === request.trialId && trial.status === 'ok'),
    ),
  }
}

function decodes({ config }: Cell, name: string): boolean {
  const { model, quantization, workload } = config
  return workload.kind === 'completion' && `${model.name} ${quantization} ${embedded(config).threads}` === name
}
