import { quote } from '../parse/quote.ts'
import { PairSet } from './context-fit.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import { toBlame, settingOf, type FoundSetting } from './resolve-section.ts'

/** Tells where a load does not suit its workload or its limits, each pair once. */
export class LoadCheck {
  readonly #problems: ProblemList
  readonly #workloads = new PairSet()
  readonly #limits = new PairSet()
  readonly #hasObjectives: boolean

  /** `hasObjectives`: whether the file says what a good request is. */
  constructor(problems: ProblemList, hasObjectives: boolean) {
    this.#problems = problems
    this.#hasObjectives = hasObjectives
  }

  check({ sections, names }: Draft): void {
    const { load, workload, limits } = sections
    const { clients, kind } = load.value
    const isClosed = kind === 'closed' // the others have as many clients as are ever needed
    const requests = 'requests' in load.value ? load.value.requests : undefined
    const duration = 'duration' in load.value ? load.value.duration : undefined
    if (this.#workloads.isNew(load, workload)) {
      if ('ratePerSecond' in load.value && load.value.ratePerSecond === 'auto') this.#checkAuto(load, workload, names)
      if (workload.value.kind === 'perplexity') {
        const what = `workload ${quote(names.workload)} is perplexity, which scores its text once`
        if (duration !== undefined)
          this.#tell([...at(load, 'duration'), ...at(workload, 'kind')], `${what}: leave load.duration out`)
      } else if (isClosed && requests !== undefined && requests * partsOf(workload.value) < clients) {
        const few = `load.clients is ${clients}, each sends a request at least, and load.requests is ${requests}`
        const advice = 'raise load.requests, or give load.duration in its place'
        this.#tell([...at(load, 'clients'), ...at(load, 'requests')], `${few}: ${advice}`)
      }
    }
    if (duration === undefined || !this.#limits.isNew(load, limits) || duration < limits.value.trial) return
    const longer = `load.duration, ${duration / 1000} s, does not end within limits.trial, ${limits.value.trial / 1000} s`
    this.#tell([...at(load, 'duration'), ...at(limits, 'trial')], `${longer}: raise limits.trial, or take less`)
  }

  /** The knee is a matter of answers that are good. */
  #checkAuto(
    load: Draft['sections']['load'],
    workload: Draft['sections']['workload'],
    { workload: name }: Draft['names'],
  ): void {
    const auto = 'ratePerSecond auto is the highest rate at which requests meet their objectives'
    const { kind } = workload.value
    const tell = (why: string) => this.#tell(at(load, 'ratePerSecond'), `${auto}${why}, or give a number`)
    if (!this.#hasObjectives) tell(': add some to the file, such as objectives: { ttft_scheduled_ms: 500 }')
    if (kind !== 'completion' && kind !== 'chat')
      tell(`, and workload ${quote(name)} is ${kind}, which has none: take completion or chat`)
  }

  #tell(settings: readonly (FoundSetting | undefined)[], message: string): void {
    const found = toBlame(settings)
    if (found !== undefined) this.#problems.add(found.setting.place(found.rest), message)
  }
}

/** The setting that gave a field its value; for what is a default, its section. */
const at = ({ layers }: Draft['sections'][keyof Draft['sections']], field: string) => [
  settingOf(layers, [field]) ?? settingOf(layers, []),
]

/** Requests that each of `load.requests` becomes. */
function partsOf(workload: Draft['sections']['workload']['value']): number {
  if (workload.kind !== 'prefill-decode') return 1
  return Number(workload.promptTokens > 0) + Number(workload.outputTokens > 0)
}
