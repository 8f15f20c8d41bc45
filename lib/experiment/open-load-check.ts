import type { LoadConfig } from '../domain/cell.ts'
import { quote } from '../parse/quote.ts'
import { PairSet } from './context-fit.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import { toBlame, settingOf, type FoundSetting } from './resolve-section.ts'
import type { Section } from './sections.ts'

type Load = Exclude<Section<'load'>, { kind: 'closed' }>
/** The fields that do not go together, the one first that is told where nothing speaks for another. */
type Told = { fields: readonly string[]; message: string }

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
    if (this.#workloads.isNew(load, workload))
      this.#tell(load, unsuited(value, workload.value.kind, names.workload), settingOf(workload.layers, ['kind']))
    if (this.#limits.isNew(load, limits))
      this.#tell(load, amiss(value, limits.value.trial), settingOf(limits.layers, ['trial']))
  }

  /** Once the trace of a load has been read. */
  checkTrace({ sections }: Draft, load: LoadConfig): void {
    this.#tell(sections.load, traceAmiss(load))
  }

  #tell({ layers }: Draft['sections']['load'], told: Told | undefined, beside?: FoundSetting): void {
    if (told === undefined) return
    const own = told.fields.map((field) => settingOf(layers, [field]))
    const found = toBlame([...own, beside]) ?? settingOf(layers, [])
    if (found !== undefined) this.#problems.add(found.setting.place(found.rest), told.message)
  }
}

function unsuited(load: Load, workload: Section<'workload'>['kind'], name: string): Told | undefined {
  if (workload === 'completion' || workload === 'chat') return undefined
  if ('ratePerSecond' in load && load.ratePerSecond === 'auto') return undefined // told where rates are looked for
  const message = `workload ${quote(name)} is ${workload}, which has no arrivals: take load.kind closed, or a completion or chat`
  return { fields: ['kind'], message: `${load.kind} sends requests at moments of their own; ${message}` }
}

function amiss(load: Load, trialMs: number): Told | undefined {
  if (load.kind === 'ramp' && load.fromPerSecond + load.toPerSecond === 0) {
    const message = 'from 0 to 0 nothing arrives: raise load.toPerSecond, or load.fromPerSecond'
    return { fields: ['toPerSecond', 'fromPerSecond'], message }
  }
  const pace = paceOf(load)
  if (pace === undefined) return undefined
  if ('duration' in load) return amissWithin(load.duration, pace)
  const requests = 'requests' in load ? load.requests : 0
  const lastMs = pace.lastMs(requests)
  if (lastMs < trialMs) return undefined
  const takes = `load.requests is ${requests}, which take ${Math.round(lastMs / 1000)} s to arrive, and limits.trial ${trialMs / 1000} s`
  const message = `${takes}: raise limits.trial or ${pace.faster}, or take fewer`
  return { fields: ['requests', ...pace.fields], message }
}

function amissWithin(durationMs: number, { within, fields, faster, slower }: Pace): Told | undefined {
  const expected = within(durationMs)
  const span = `within load.duration, ${durationMs / 1000} s,`
  if (expected < 2)
    return {
      fields: ['duration', ...fields],
      message: `${span} no more than ${Math.ceil(expected)} arrives: raise load.duration, or ${faster}`,
    }
  if (expected <= mostArrivals) return undefined
  const many = `${span} ${Math.round(expected)} would arrive, more than ${mostArrivals}`
  return { fields: ['duration', ...fields], message: `${many}: lower load.duration, or ${slower}` }
}

/** How fast requests arrive, the settings that say so, and how to have it otherwise. */
type Pace = {
  /** Arrivals in so many milliseconds, on average. */
  within: (ms: number) => number
  /** Milliseconds until the last of so many. */
  lastMs: (requests: number) => number
  fields: readonly string[]
  faster: string
  slower: string
}

/** `undefined` where it is not known yet. */
function paceOf(load: Load): Pace | undefined {
  switch (load.kind) {
    case 'constant':
    case 'poisson':
    case 'gamma':
      return load.ratePerSecond === 'auto' ? undefined : evenPace(load.ratePerSecond, ['ratePerSecond'])
    case 'ramp':
      return evenPace((load.fromPerSecond + load.toPerSecond) / 2, ['toPerSecond', 'fromPerSecond'])
    case 'burst':
      return {
        within: (ms) => load.size * Math.ceil(ms / load.every),
        lastMs: (requests) => (Math.ceil(requests / load.size) - 1) * load.every,
        fields: ['size', 'every'],
        faster: 'load.size, or lower load.every',
        slower: 'load.size, or raise load.every',
      }
    case 'trace':
      return undefined
  }
}

function evenPace(perSecond: number, fields: readonly string[]): Pace {
  const names = fields.map((field) => `load.${field}`).join(' and ')
  return {
    within: (ms) => (ms * perSecond) / 1000,
    lastMs: (requests) => ((requests - 1) * 1000) / perSecond,
    fields,
    faster: names,
    slower: names,
  }
}

/** What is wrong with how a load ends, now that its trace has been read. */
function traceAmiss(load: LoadConfig): Told | undefined {
  if (load.kind !== 'trace') return undefined
  const { arrivalsMs, speed, file } = load
  const lastMs = (arrivalsMs.at(-1) ?? 0) / speed
  if ('requests' in load && load.requests > arrivalsMs.length)
    return {
      fields: ['requests', 'file'],
      message: `${file} has ${arrivalsMs.length} arrivals, fewer than load.requests, ${load.requests}: take as many at most`,
    }
  if (!('durationMs' in load) || lastMs >= load.durationMs) return undefined
  const ends = `${file} ends after ${lastMs / 1000} s, before load.duration, ${load.durationMs / 1000} s`
  const message = `${ends}: shorten load.duration, or leave it out for all of the trace`
  return { fields: ['duration', 'speed', 'file'], message }
}
