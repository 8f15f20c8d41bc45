import type { LoadConfig } from '../domain/cell.ts'
import { quote } from '../parse/quote.ts'
import { PairSet } from './context-fit.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import { settingOf } from './resolve-section.ts'
import type { Section } from './sections.ts'

type Load = Exclude<Section<'load'>, { kind: 'closed' }>
type Told = { field: string; message: string }

const mostArrivals = 1_000_000

/** Tells where an open load has nothing to send, too much, or nothing that can be sent at any moment; each pair once. */
export class OpenLoadCheck {
  readonly #problems: ProblemList
  readonly #workloads = new PairSet()
  readonly #limits = new PairSet()

  constructor(problems: ProblemList) {
    this.#problems = problems
  }

  check({ sections, names }: Draft): void {
    const { load, workload, limits } = sections
    const { value } = load
    if (value.kind === 'closed') return
    if (this.#workloads.isNew(load, workload)) this.#tell(load, unsuited(value, workload.value.kind, names.workload))
    if (this.#limits.isNew(load, limits)) this.#tell(load, amiss(value, limits.value.trial))
  }

  /** Once the trace of a load has been read. */
  checkTrace({ sections }: Draft, load: LoadConfig): void {
    this.#tell(sections.load, traceAmiss(load))
  }

  #tell(section: Draft['sections']['load'], told: Told | undefined): void {
    if (told === undefined) return
    const found = settingOf(section.layers, [told.field]) ?? settingOf(section.layers, [])
    if (found !== undefined) this.#problems.add(found.setting.place(found.rest), told.message)
  }
}

function unsuited(load: Load, workload: Section<'workload'>['kind'], name: string): Told | undefined {
  if (workload === 'completion' || workload === 'chat') return undefined
  if ('ratePerSecond' in load && load.ratePerSecond === 'auto') return undefined // told where rates are looked for
  const message = `workload ${quote(name)} is ${workload}, which has no arrivals: take load.kind closed, or a completion or chat`
  return { field: 'kind', message: `${load.kind} sends requests at moments of their own; ${message}` }
}

function amiss(load: Load, trialMs: number): Told | undefined {
  if (load.kind === 'ramp' && load.fromPerSecond + load.toPerSecond === 0)
    return { field: 'toPerSecond', message: 'from 0 to 0 nothing arrives: raise one of them' }
  const perMs = meanPerMs(load)
  if (perMs === undefined) return undefined
  if ('duration' in load) return amissWithin(load.duration, perMs)
  const lastMs = 'requests' in load ? (load.requests - 1) / perMs : 0
  if (lastMs < trialMs) return undefined
  const takes = `${'requests' in load ? load.requests : 0} requests take ${Math.round(lastMs / 1000)} s to arrive`
  return { field: 'requests', message: `${takes}, limits.trial is ${trialMs / 1000} s: raise it, or take fewer` }
}

function amissWithin(durationMs: number, perMs: number): Told | undefined {
  const expected = durationMs * perMs
  const within = `within ${durationMs / 1000} s`
  if (expected < 2)
    return {
      field: 'duration',
      message: `${within} no more than ${Math.ceil(expected)} arrives: raise it, or the rate`,
    }
  if (expected <= mostArrivals) return undefined
  const many = `${within} ${Math.round(expected)} would arrive, more than ${mostArrivals}`
  return { field: 'duration', message: `${many}: lower it, or the rate` }
}

/** Arrivals per millisecond on average; `undefined` where that is not known yet. */
function meanPerMs(load: Load): number | undefined {
  switch (load.kind) {
    case 'constant':
    case 'poisson':
    case 'gamma':
      return load.ratePerSecond === 'auto' ? undefined : load.ratePerSecond / 1000
    case 'burst':
      return load.size / load.every
    case 'ramp':
      return (load.fromPerSecond + load.toPerSecond) / 2000
    case 'trace':
      return undefined
  }
}

/** What is wrong with how a load ends, now that its trace has been read. */
function traceAmiss(load: LoadConfig): Told | undefined {
  if (load.kind !== 'trace') return undefined
  const { arrivalsMs, speed, file } = load
  const lastMs = (arrivalsMs.at(-1) ?? 0) / speed
  if ('requests' in load && load.requests > arrivalsMs.length)
    return {
      field: 'requests',
      message: `${file} has ${arrivalsMs.length} arrivals, fewer than ${load.requests}: take as many at most`,
    }
  if (!('durationMs' in load) || lastMs >= load.durationMs) return undefined
  const ends = `${file} ends after ${lastMs / 1000} s, before a duration of ${load.durationMs / 1000} s`
  return { field: 'duration', message: `${ends}: shorten it, or leave it out for all of the trace` }
}
