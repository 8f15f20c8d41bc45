import { createHash } from 'node:crypto'
import type { PlanData, PlanSetting, RequestRow } from '../domain/plan-data.ts'
import { planFileName } from './file-name.ts'
import type { OtherCounts } from './read-other-counts.ts'
import { RequestCsv } from './request-csv.ts'
import { TrialRequestsBuilder, type TrialRequests } from './trial-requests.ts'

/** All requests of a plan as CSV: in the page, or beside it where they are too many. */
export type RequestFile = {
  name: string
  rows: number
  /** SHA-256 in hex of the CSV, as it is when unpacked. */
  digest: string
  /** The CSV itself, where the page carries it. */
  text?: string
}

/** All requests of a plan as a report knows them. */
export type ObservedRequests = {
  n: number
  trials: ReadonlyMap<number, TrialRequests>
  /** Those that tables list one by one: all where they are few, else the first of each trial. */
  listed: readonly RequestRow[]
  file: RequestFile
  /** The same recordings by the definitions of other tools; absent where no server was asked. */
  otherCounts?: OtherCounts
}

const sizes = { listedWhole: 10_000, listedPerTrial: 40, drawn: 6000, drawnPerTrial: 20 } as const
/** CSV of more bytes than this lies beside the page, packed. */
export const mostBytesInPage = 500_000

/** One pass over the requests of a plan: what a report knows of them, and their CSV on the way. */
export class RequestPass {
  readonly #setting: PlanSetting
  readonly #listedPerTrial: number
  readonly #room: number
  readonly #builders: ReadonlyMap<number, TrialRequestsBuilder>
  readonly #listed: RequestRow[] = []
  readonly #hash = createHash('sha256')
  #rows = 0

  /** `requests` is how many there will be. */
  constructor(setting: PlanSetting, requests: number) {
    this.#setting = setting
    const whole = requests <= sizes.listedWhole
    this.#listedPerTrial = whole ? Number.POSITIVE_INFINITY : sizes.listedPerTrial
    const share = Math.ceil(sizes.drawn / Math.max(1, setting.trials.length))
    this.#room = whole ? Number.POSITIVE_INFINITY : Math.max(sizes.drawnPerTrial, share)
    this.#builders = new Map(
      setting.trials.map(({ id }) => [id, new TrialRequestsBuilder({ trialId: id, room: this.#room })]),
    )
  }

  /** Takes in `pages`, the requests trial by trial; gives them as CSV, a chunk for each page. */
  *csv(pages: Iterable<readonly RequestRow[]>): Generator<Buffer> {
    const csv = new RequestCsv(this.#setting)
    yield this.#hashed(csv.head)
    let last: { trialId: number; n: number } | undefined
    for (const page of pages) {
      let text = ''
      for (const row of page) {
        if (last?.trialId !== row.trialId) last = { trialId: row.trialId, n: 0 }
        if ((last.n += 1) <= this.#listedPerTrial) this.#listed.push(row)
        this.#builders.get(row.trialId)?.add(row)
        text += csv.line(row)
      }
      this.#rows += page.length
      if (text !== '') yield this.#hashed(text)
    }
  }

  #hashed(text: string): Buffer {
    const bytes = Buffer.from(text)
    this.#hash.update(bytes)
    return bytes
  }

  /** What was seen, after all of the CSV was; `text` is the CSV, where the page is to carry it. */
  result(text?: string): ObservedRequests {
    const { plan } = this.#setting
    return {
      n: this.#rows,
      trials: new Map([...this.#builders].map(([id, builder]) => [id, builder.result()])),
      listed: this.#listed,
      file: {
        name: requestsFileName(plan),
        rows: this.#rows,
        digest: this.#hash.digest('hex'),
        ...(text !== undefined && { text }),
      },
    }
  }
}

/** The file that all requests of a plan go to, where they are too many for its page. */
export function requestsFileName(plan: PlanSetting['plan']): string {
  return `${planFileName(plan)}.requests.csv`
}

/** All requests of `data`, which has them in memory. */
export function observedOf(data: PlanData): ObservedRequests {
  const { requests, ...setting } = data
  const pass = new RequestPass(setting, requests.length)
  const csv = Buffer.concat([...pass.csv([requests])])
  return pass.result(csv.length <= mostBytesInPage ? csv.toString() : undefined)
}
