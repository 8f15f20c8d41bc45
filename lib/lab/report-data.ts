import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import type { ImportedLog } from '../domain/imported-log.ts'
import type { PlanData, PlanSetting } from '../domain/plan-data.ts'
import { mostBytesInPage, type ObservedRequests, RequestPass, requestsFileName } from '../report/observed-requests.ts'
import { readOtherCounts } from '../report/read-other-counts.ts'
import { listImportedLogs } from '../store/imported-logs.ts'
import { readAnswers } from '../store/read-answers.ts'
import { readCellHistory } from '../store/read-cell-history.ts'
import { readEngineTimes } from '../store/read-engine-times.ts'
import { countRequests, requestPages } from '../store/read-requests.ts'
import { readTelemetry } from '../store/read-telemetry.ts'
import type { Store } from '../store/store.ts'
import { readComparison } from './read-comparison.ts'
import { writeWhole } from './write-whole.ts'

const mostCompared = 20_000

/**
 * All that a report of a plan is made from. Requests that are too many for a page are written to a file beside `path`, relative to
 * `cwd`; nothing is written for `-`.
 */
export async function readReportData(
  store: Store,
  setting: PlanSetting,
  place: { cwd: string; path: string },
): Promise<{ data: PlanData; observed: ObservedRequests }> {
  const requests = await observe(store, setting, place)
  const otherCounts = readOtherCounts(store, setting, requests.n)
  const observed = { ...requests, ...(otherCounts !== undefined && { otherCounts }) }
  const telemetry = readTelemetry(store, setting.trials)
  return {
    data: { ...setting, requests: observed.listed, telemetry, ...besides(store, setting, requests.n) },
    observed,
  }
}

/** What is read for single parts of the report. Of too many requests the answers are not compared. */
function besides(store: Store, setting: PlanSetting, requests: number) {
  const engineTimes = readEngineTimes(store, setting.trials)
  const { id, compare } = setting.plan
  const history = readCellHistory(store, id)
  const imported = importedOf(store, setting)
  return {
    engineTimes,
    history,
    ...(imported.length > 0 && { imported }),
    ...(requests <= mostCompared && { answers: readAnswers(store, id) }),
    ...(compare !== undefined && { verdicts: readComparison(store, id) }),
  }
}

/** Logs that were imported under the names of a cell's model and quantization, the oldest first. */
const importedOf = (store: Store, { plan }: PlanSetting): ImportedLog[] =>
  listImportedLogs(store)
    .filter(({ model, quantization }) =>
      plan.cells.some(({ axes }) => axes['model'] === model && axes['quantization'] === quantization),
    )
    .toReversed()

async function observe(store: Store, setting: PlanSetting, { cwd, path }: { cwd: string; path: string }) {
  const pass = new RequestPass(setting, countRequests(store, setting.trials))
  const csv = pass.csv(requestPages(store, setting.trials))
  const begun: Buffer[] = []
  let bytes = 0
  for (let next = csv.next(); next.done !== true; next = csv.next()) {
    begun.push(next.value)
    bytes += next.value.length
    if (bytes > mostBytesInPage) break
  }
  if (bytes <= mostBytesInPage) return pass.result(Buffer.concat(begun).toString())
  await writeBeside(joined(begun, csv), { cwd, path, name: requestsFileName(setting.plan) })
  return pass.result()
}

// Packing goes on in a thread of its own, which gets its next piece only in a turn of the event loop.
async function* joined(begun: readonly Buffer[], rest: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* begun
  for (const piece of rest) {
    yield piece
    await setImmediate()
  }
}

const packing = { level: 1, chunkSize: 262_144, highWaterMark: 4_194_304 }

async function writeBeside(
  csv: AsyncIterable<Buffer>,
  { cwd, path, name }: { cwd: string; path: string; name: string },
) {
  if (path === '-') for await (const _ of csv);
  else await writeWhole({ path: join(dirname(path), `${name}.gz`) }, csv, cwd, createGzip(packing))
}
