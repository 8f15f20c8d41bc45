import { readAgain } from '../backend/read-again.ts'
import { protocolOf } from '../backend/protocols.ts'
import { asksServer } from '../domain/backend-config.ts'
import { thousands } from '../domain/thousands.ts'
import { openLabStore } from '../lab/lab-store.ts'
import { measureFloors } from '../lab/measure-floors.ts'
import { planNamed } from '../lab/plan-named.ts'
import { deriveAgain, type Rederived } from '../run/derive-again.ts'
import { type ReadStream, readStreamsAgain, type StreamsRead } from '../run/read-streams-again.ts'
import { listPlans } from '../store/list-plans.ts'
import { type CommonOptions, type Io, printJson } from './io.ts'
import { count } from './plan-command.ts'

/** `streams`: the bytes of servers that were kept are read again first. */
export type DeriveOptions = CommonOptions & { streams?: true }

const readAnswer: ReadStream = (stream, maxTokens, { backend, workload }) =>
  readAgain(stream, maxTokens, protocolOf(asksServer(backend) ? backend.kind : 'openai', workload.kind))

/** Derives the metrics of a plan, or of all, again from what was observed, and tells what has changed. */
export async function derive(named: string | undefined, options: DeriveOptions, io: Io): Promise<void> {
  openLabStore(options, io, 'read')[Symbol.dispose]() // where there is none, none is made
  using store = openLabStore(options, io, 'write')
  const ids = named === undefined ? listPlans(store).map(({ id }) => id) : [planNamed(store, named, io)]
  const plans = ids.map((id) => {
    const bytes = options.streams && readStreamsAgain(store, id, readAnswer)
    const found = { plan: id, ...(bytes && { bytes }), ...deriveAgain(store, id) }
    measureFloors(store, id)
    if (!options.json) io.stdout(`${line(found)}\n`)
    return found
  })
  if (options.json) printJson(io, { plans })
}

function line({ plan, bytes, ...found }: Rederived & { plan: string; bytes?: StreamsRead }): string {
  const { trials, requests, changedTrials, changedRequests, changedMetrics, before, after } = found
  const versions = Object.keys(before)
  const of = versions.length === 0 ? '' : `, definitions ${versions.join(' and ')} -> ${after}`
  const head = `${plan}: ${bytes ? `${bytesText(bytes)}; ` : ''}${count(trials, 'trial')}, ${count(requests, 'request')}${of}`
  if (changedTrials + changedRequests === 0) return `${head}; nothing has changed`
  const metrics = Object.entries(changedMetrics).map(([metric, n]) => `${metric} ${n}`)
  return `${head}; changed: ${count(changedTrials, 'trial')}, ${count(changedRequests, 'request')} (${metrics.join(', ')})`
}

function bytesText({ streams, changed }: StreamsRead): string {
  if (streams === 0) return 'no bytes of answers were kept'
  const how = changed === 0 ? 'they say what they said' : `${thousands(changed)} say something else now`
  return `bytes of ${count(streams, 'answer')} read again: ${how}`
}
