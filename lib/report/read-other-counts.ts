import type { PlanSetting } from '../domain/plan-data.ts'
import { type Alternative, alternatives } from '../measure/alternatives.ts'
import { meanAlternatives } from '../measure/mean-alternatives.ts'
import { type OtherTool, otherTools } from '../measure/other-tools.ts'
import { readTrialDetail } from '../store/read-trial-detail.ts'
import type { Store } from '../store/store.ts'

/** What other tools would have said of the recordings at servers, by cell; of too many requests it is not worked out. */
export type OtherCounts =
  | { status: 'ok'; ofCell: ReadonlyMap<string, Readonly<Record<OtherTool, Record<string, Alternative>>>> }
  | { status: 'too-many' }

const tools = Object.keys(otherTools) as OtherTool[]
/** Requests whose every event is read for it. */
const mostRequests = 20_000

/** Works it out from the valid trials, of a cell that has none from the others; `undefined` where no server was asked. */
export function readOtherCounts(store: Store, { trials }: PlanSetting, requests: number): OtherCounts | undefined {
  const usable = trials.filter(({ status, client }) => status === 'ok' && client !== undefined)
  if (usable.length === 0) return undefined
  if (requests > mostRequests) return { status: 'too-many' }
  const ofCell = [...Map.groupBy(usable, ({ cellId }) => cellId)].map(([cellId, of]) => {
    const valid = of.filter(({ invalid }) => invalid.length === 0)
    const recordings = (valid.length > 0 ? valid : of).map(({ id }) =>
      readTrialDetail(store, id).requests.map(({ timeline }) => timeline),
    )
    const said = tools.map((tool) => [tool, meanAlternatives(recordings.map((each) => alternatives(tool, each)))])
    return [cellId, Object.fromEntries(said) as Record<OtherTool, Record<string, Alternative>>] as const
  })
  return { status: 'ok', ofCell: new Map(ofCell) }
}
