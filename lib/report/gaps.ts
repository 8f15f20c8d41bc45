import type { TrialRow } from '../domain/plan-data.ts'
import { settingsText } from './comparison.ts'
import type { Evidence } from './evidence.ts'

/** A cell or trial that is not there, and why. */
export type Gap = { name: string; reason: string; detail: string; logTail: string; anchor: string }
/** Cells that were skipped for one reason. */
export type SkippedGroup = { reason: string; detail: string; names: readonly string[] }
export type Gaps = {
  skipped: readonly SkippedGroup[]
  failed: readonly Gap[]
  open: readonly Gap[]
  unused: readonly Gap[]
}

/** Every cell that was skipped and every trial that failed, has not run or does not count, with its reason. */
export function gapsOf(evidence: Evidence): Gaps {
  const { data } = evidence
  const open = data.trials.filter((trial) => trial.status !== 'ok' && trial.status !== 'failed')
  return {
    skipped: skippedGroups(evidence),
    failed: data.trials.filter((trial) => trial.status === 'failed').map((trial) => trialGap(evidence, trial)),
    open: open.map((trial) => trialGap(evidence, trial)),
    unused: data.unused.map((trial) => unusedGap(evidence, trial)),
  }
}

function skippedGroups({ data, words }: Evidence): SkippedGroup[] {
  const groups = Map.groupBy(data.plan.skipped, ({ reason, detail }) => JSON.stringify([reason, detail]))
  return [...groups.values()].flatMap((cells) => {
    const [first] = cells
    if (first === undefined) return []
    const names = cells.map(({ axes }) => settingsText(axes, words))
    return [{ reason: words(`skip.${first.reason}`), detail: first.detail, names }]
  })
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

/** What came of a trial before another was measured in its place, and what came of that. */
function unusedGap(evidence: Evidence, trial: TrialRow): Gap {
  const { words } = evidence
  const used = evidence.trialsOf(trial.cellId).find(({ block }) => block === trial.block)
  const now = used === undefined ? words('status.pending') : words(`status.${used.status}`)
  const reason = words(`reason.${trial.reason ?? 'unknown'}`)
  return { ...trialGap(evidence, trial), reason: words(`unused.${trial.unused ?? 'interrupted'}`, { reason, now }) }
}
