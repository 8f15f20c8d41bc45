import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SpoolRecord } from '../../lib/domain/record.ts'
import { Lab } from '../system/lab.ts'
import { spools } from '../system/spool-and-store.ts'
import { type Figure, median } from './bound.ts'

const experiment = `
name: launches
axes: { model: [random-5m], quantization: [q8_0], workload: [decode], workload.sampling.maxTokens: [4, 5, 6, 7, 8, 9] }
load: { requests: 4 }
repeat: { blocks: 10 }
`

/** What the harness adds to a launch beside loading and measuring, and to a trial beside its requests. */
export async function launchTime(): Promise<Figure[]> {
  using lab = new Lab({ 'launches.yaml': experiment })
  const { code, stderr } = await lab.run('run', 'experiments/launches.yaml')
  if (code !== 0) throw new Error(stderr)
  const launches = spools(`${lab.store}.spool`)
    .map(recordsOf)
    .toSorted((a, b) => claimedAtMs(a) - claimedAtMs(b))
  const added = launches.slice(1).map((next, i) => {
    const launch = launches[i] as SpoolRecord[]
    return (claimedAtMs(next) - claimedAtMs(launch) - loadMs(launch) - measuringMs(launch)) / 1000
  })
  return [
    { what: 'time added per launch, median', value: median(added), unit: 's', limit: { atMost: 1.5 } },
    {
      what: 'time added per trial, median',
      value: median(launches.flatMap(addedPerTrialMs)),
      unit: 'ms',
      limit: { atMost: 50 },
    },
  ]
}

type Kind<K extends SpoolRecord['kind']> = Extract<SpoolRecord, { kind: K }>
const pick = <K extends SpoolRecord['kind']>(records: SpoolRecord[], kind: K) =>
  records.filter((record): record is Kind<K> => record.kind === kind)

const claimedAtMs = (records: SpoolRecord[]) => (pick(records, 'claimed')[0] as Kind<'claimed'>).atMs
const loadMs = (records: SpoolRecord[]) => (pick(records, 'loaded')[0] as Kind<'loaded'>).loadMs

/** From the start of the first trial to the end of the last. */
function measuringMs(records: SpoolRecord[]): number {
  const [first, last] = [pick(records, 'trial-started')[0], pick(records, 'trial-ended').at(-1)]
  return ((last as Kind<'trial-ended'>).atUs - (first as Kind<'trial-started'>).atUs) / 1000
}

/** From the start of a trial to the start of the next, without the time in which its requests ran. */
function addedPerTrialMs(records: SpoolRecord[]): number[] {
  const started = pick(records, 'trial-started')
  return started.slice(1).map((next, i) => {
    const trial = started[i] as Kind<'trial-started'>
    const requests = pick(records, 'request').filter(({ trialId }) => trialId === trial.trialId)
    return (next.atUs - trial.atUs - requests.reduce((sum, { doneUs }) => sum + doneUs, 0)) / 1000
  })
}

function recordsOf(spool: string): SpoolRecord[] {
  const lines = readFileSync(join(spool, 'records.ndjson'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as SpoolRecord)
}
