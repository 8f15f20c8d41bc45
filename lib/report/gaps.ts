import type { TrialRow } from '../domain/plan-data.ts'
import { settingsText } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** A cell or trial that is not there, and why. */
export type Gap = { name: string; reason: string; detail: string; logTail: string; anchor: string }
export type Gaps = { skipped: readonly Gap[]; failed: readonly Gap[]; open: readonly Gap[] }

/** Every cell that was skipped and every trial that failed or has not run, with its reason. */
export function gapsOf(evidence: Evidence): Gaps {
  const { data, words } = evidence
  const open = data.trials.filter((trial) => trial.status !== 'ok' && trial.status !== 'failed')
  return {
    skipped: data.plan.skipped.map(({ axes, reason, detail }) => ({
      name: settingsText(axes, words),
      reason: words(`skip.${reason}`),
      detail,
      logTail: '',
      anchor: '',
    })),
    failed: data.trials.filter((trial) => trial.status === 'failed').map((trial) => trialGap(evidence, trial)),
    open: open.map((trial) => trialGap(evidence, trial)),
  }
}

function trialGap(evidence: Evidence, trial: TrialRow): Gap {
  const { words } = evidence
  const cell = evidence.comparison.cells.find((each) => each.cell.id === trial.cellId)
  const outcome = evidence.launchOf(trial)?.outcome
  return {
    name: `${cell?.name ?? trial.cellId} · ${words('gaps.trial', { trial: trial.id, block: trial.block + 1 })}`,
    reason: trial.status === 'failed' ? words(`reason.${trial.reason ?? 'unknown'}`) : words(`status.${trial.status}`),
    detail: trial.detail ?? '',
    logTail: outcome?.status === 'failed' ? outcome.logTail : '',
    anchor: cell === undefined ? '' : `#cell-${cell.index + 1}`,
  }
}
