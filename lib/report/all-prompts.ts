import type { Evidence } from './evidence.ts'
import { meanOfTrials } from './evidence.ts'
import type { PromptSeen } from './prompt-means.ts'
import { numberCell, type ValueColumn } from './value-table.ts'

type Answered = { e2eMs: number; requestTps: number }
const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0)
const ofAll = {
  /** What asking each prompt once takes. */
  time: {
    metric: 'e2e_ms',
    of: { figure: 'all_prompts_s' },
    unit: 's',
    better: 'lower',
    pick: (seen: readonly Answered[]) => sum(seen.map(({ e2eMs }) => e2eMs)) / 1000,
  },
  /** All tokens by all time: a long answer weighs as much as it takes, which a mean of rates would not see. */
  speed: {
    metric: 'request_tps',
    of: { figure: 'all_prompts_tps' },
    unit: 'tokens/s',
    better: 'higher',
    pick: (seen: readonly Answered[]) =>
      sum(seen.map(({ e2eMs, requestTps }) => e2eMs * requestTps)) / sum(seen.map(({ e2eMs }) => e2eMs)),
  },
} as const

/** The column that sums up those of prompts; a launch in which one of them has no answer says nothing of all. */
export function allPromptsColumn(evidence: Evidence, ids: readonly string[], what: keyof typeof ofAll): ValueColumn {
  const { words } = evidence
  const { metric, of, unit, better, pick } = ofAll[what]
  return {
    head: { name: words('prompts.all'), unit, href: '', title: words(`prompts.all-${what}`), n: true },
    of,
    better,
    cellOf: (cell) => {
      const found = meanOfTrials(evidence.trialsOf(cell.cell.id), 'geometric', ({ id }) => {
        const { prompts } = evidence.seenOf(id)
        const seen = ids.flatMap((prompt) => prompts.get(prompt) ?? []).filter(isAnswered)
        return seen.length === ids.length ? pick(seen) : undefined
      })
      return numberCell(words, metric, { found, reason: words('prompts.not-all') })
    },
  }
}

function isAnswered(seen: PromptSeen): seen is PromptSeen & Answered {
  return seen.e2eMs !== undefined && seen.requestTps !== undefined
}
