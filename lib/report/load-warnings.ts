import { type ClientQueue, hasTooFewClients } from '../domain/plan-data.ts'
import type { ShownCell } from './comparison.ts'
import { calibrationOf, trialErrors } from './client-error.ts'
import type { Evidence } from './evidence.ts'
import { latencyOf } from './latencies.ts'
import { isOpen } from './load-level.ts'
import { shownFew } from './load-words.ts'
import { percent, significant } from './numbers.ts'
import { isEmulated, serversOf } from './servers.ts'
import type { WordValues } from './words.ts'

/** A warning before it is put in words. */
export type Finding = { key: string; values: WordValues }

// Less than this may be anything.
const hidden = { share: 0.1, ms: 1 } as const
// What the client promises on a machine that is its own.
const mostCalibratedMs = 1
// One in a read is the server's own pace; a few may share one by chance.
const mostPerRead = 4

/** Of servers as such: nothing that is measured at them is what it seems. */
export function serverFindings(evidence: Evidence): Finding[] {
  return [...emulated(evidence), ...served(evidence), ...remote(evidence)]
}

/** Of loads and of the wire: failures by class, queues that a late client hides, connections and reads. */
export function wireFindings(evidence: Evidence): Finding[] {
  return [
    ...failures(evidence),
    ...fewClients(evidence),
    ...hiddenQueues(evidence),
    ...calibrationOff(evidence),
    ...reopened(evidence),
    ...fullReads(evidence),
  ]
}

const listed = (names: Iterable<string>) => [...new Set(names)].join(', ')

function emulated(evidence: Evidence): Finding[] {
  const { kind } = serversOf(evidence)
  if (kind !== 'emulated' && kind !== 'both') return []
  const cells = evidence.comparison.cells.filter((cell) => isEmulated(evidence, cell))
  return [
    {
      key: 'emulated',
      values: { names: listed(cells.map(({ cell }) => cell.config.backend.name)) },
    },
  ]
}

function served({ comparison }: Evidence): Finding[] {
  const names = comparison.cells.flatMap(({ cell: { config } }) =>
    config.backend.kind === 'openai' && config.artifact.kind === 'served' ? [config.artifact.name] : [],
  )
  return names.length === 0 ? [] : [{ key: 'served', values: { names: listed(names) } }]
}

function remote({ data }: Evidence): Finding[] {
  const urls = Object.values(data.manifests).flatMap(({ manifest: { engine } }) =>
    engine?.server?.place === 'remote' ? [engine.server.url] : [],
  )
  return urls.length === 0 ? [] : [{ key: 'remote', values: { urls: listed(urls) } }]
}

/** A finding for each class of failed requests in trials that went on all the same. */
function failures(evidence: Evidence): Finding[] {
  const { data, words } = evidence
  const all = (data.wire ?? []).flatMap(({ failures: of }) => of)
  const requests = sum(data.trials, ({ id }) => evidence.seenOf(id).measured)
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, of]) => ({
    key: 'requests-failed',
    values: {
      n: sum(of, ({ n }) => n),
      all: requests,
      reason: words(`reason.${reason}`),
      example: of.find(({ example }) => example !== '')?.example ?? words(`reason.${reason}`),
    },
  }))
}

/** Where arrivals of a load waited for one of its clients: of each arm the cell in which the most did. */
function fewClients(evidence: Evidence): Finding[] {
  const cells = evidence.comparison.cells.flatMap((cell) => {
    const queues = queuesOf(evidence, cell)
    const queue = {
      trialId: 0,
      arrivals: sum(queues, ({ arrivals }) => arrivals),
      waited: sum(queues, ({ waited }) => waited),
      unserved: sum(queues, ({ unserved }) => unserved),
    }
    return queues.some(hasTooFewClients) ? [{ cell, ...queue }] : []
  })
  const byArm = [...Map.groupBy(cells, ({ cell }) => cell.arm).values()]
  return byArm.map((of) => {
    const worst = of.toSorted((a, b) => b.waited / b.arrivals - a.waited / a.arrivals)[0] as (typeof of)[number]
    const { cell, arrivals, waited, unserved } = worst
    const { clients } = cell.cell.config.load
    const values = { n: of.length, cell: cell.name, waited, arrivals, unserved, clients }
    return { key: 'too-few-clients', values }
  })
}

/** Where first tokens came later after their schedule than after their sending: of each arm the worst cell. */
function hiddenQueues(evidence: Evidence): Finding[] {
  const cells = evidence.comparison.cells.flatMap((cell) => hiddenWait(evidence, cell))
  const byArm = [...Map.groupBy(cells, ({ cell }) => cell.arm).values()]
  return byArm.flatMap((of) => {
    const [worst] = of.toSorted((a, b) => b.scheduled / b.sent - a.scheduled / a.sent)
    return worst === undefined ? [] : [hiddenFinding(evidence, worst)]
  })
}

type HiddenWait = { cell: ShownCell; scheduled: number; sent: number }
function hiddenWait(evidence: Evidence, cell: ShownCell): HiddenWait[] {
  if (!isOpen(cell.cell.config.load)) return []
  const [scheduled, sent] = (['ttft_scheduled_ms', 'ttft_ms'] as const).map(
    (metric) => latencyOf(evidence, cell, metric)?.median,
  )
  if (scheduled === undefined || sent === undefined) return []
  return scheduled - sent > Math.max(hidden.ms, hidden.share * sent) ? [{ cell, scheduled, sent }] : []
}

function hiddenFinding(evidence: Evidence, { cell, scheduled, sent }: HiddenWait): Finding {
  const trials = evidence.trialsOf(cell.cell.id)
  const queues = queuesOf(evidence, cell)
  const lag = Math.max(0, ...trialErrors(evidence, cell).map(({ sendLagMs }) => sendLagMs ?? 0))
  return {
    key: 'hidden-queue',
    values: {
      cell: cell.name,
      scheduled: shownFew(scheduled),
      sent: shownFew(sent),
      waited: sum(queues, ({ waited }) => waited),
      all: sum(trials, ({ id }) => evidence.seenOf(id).measured),
      clients: cell.cell.config.load.clients,
      lag: significant(lag, 2),
    },
  }
}

function queuesOf({ data, trialsOf }: Evidence, cell: ShownCell): ClientQueue[] {
  const ids = new Set(trialsOf(cell.cell.id).map(({ id }) => id))
  return (data.queues ?? []).filter(({ trialId }) => ids.has(trialId))
}

/** A calibration that was disturbed says nothing of how good the client can be. */
function calibrationOff(evidence: Evidence): Finding[] {
  const calibration = calibrationOf(evidence)
  if (calibration === undefined) return []
  const off = (['ttftMs', 'gapErrorMs', 'sendLagMs', 'loopDelayMs'] as const).flatMap((name) => {
    const { p99 } = calibration[name]
    return p99 > mostCalibratedMs ? [`${evidence.words(`client.${name}`)} ${significant(p99, 2)} ms`] : []
  })
  return off.length === 0 ? [] : [{ key: 'calibration-off', values: { what: off.join(', ') } }]
}

function reopened(evidence: Evidence): Finding[] {
  const n = sum(evidence.data.wire ?? [], ({ reconnected }) => reconnected)
  const all = sum(evidence.data.trials, ({ id }) => evidence.seenOf(id).measured)
  return n === 0 ? [] : [{ key: 'reconnected', values: { n, share: percent(n / Math.max(n, all)) } }]
}

/** Events that came in one read have one stamp: gaps between them were not seen. */
function fullReads(evidence: Evidence): Finding[] {
  const full = evidence.comparison.cells.flatMap((cell) => {
    const most = Math.max(0, ...evidence.trialsOf(cell.cell.id).map(({ client }) => client?.eventsPerRead.p99 ?? 0))
    return most > mostPerRead ? [{ cell, most }] : []
  })
  const [worst] = full.toSorted((a, b) => b.most - a.most)
  if (worst === undefined) return []
  return [
    {
      key: 'events-per-read',
      values: {
        n: full.length,
        most: Number.isInteger(worst.most) ? worst.most : significant(worst.most, 2),
        cell: worst.cell.name,
      },
    },
  ]
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((all, item) => all + valueOf(item), 0)
}
