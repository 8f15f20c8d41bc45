import { quote } from '../parse/quote.ts'
import { PairSet } from './context-fit.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import { settingOf, type ResolvedSection } from './resolve-section.ts'
import type { SectionName } from './sections.ts'

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
        if (duration !== undefined) this.#tell(load, ['duration'], `${what}: leave duration out`)
      } else if (isClosed && requests !== undefined && requests * partsOf(workload.value) < clients) {
        const few = `${clients} clients need as many requests at least, load.requests is ${requests}`
        this.#tell(load, ['clients'], `${few}: raise it, or give a duration`)
      }
    }
    if (duration === undefined || !this.#limits.isNew(load, limits) || duration < limits.value.trial) return
    const longer = `a load of ${duration / 1000} s does not end within limits.trial, ${limits.value.trial / 1000} s`
    this.#tell(load, ['duration'], `${longer}: raise limits.trial, or take less`)
  }

  /** The knee is a matter of answers that are good. */
  #checkAuto(
    load: Draft['sections']['load'],
    workload: Draft['sections']['workload'],
    { workload: name }: Draft['names'],
  ): void {
    const auto = 'ratePerSecond auto is the highest rate at which requests meet their objectives'
    const { kind } = workload.value
    const tell = (why: string) => this.#tell(load, ['ratePerSecond'], `${auto}${why}, or give a number`)
    if (!this.#hasObjectives) tell(': add some to the file, such as objectives: { ttft_scheduled_ms: 500 }')
    if (kind !== 'completion' && kind !== 'chat')
      tell(`, and workload ${quote(name)} is ${kind}, which has none: take completion or chat`)
  }

  /** At the setting that gave the field its value; what is a default is told at its section. */
  #tell(section: ResolvedSection<SectionName>, field: string[], message: string): void {
    const found = settingOf(section.layers, field) ?? settingOf(section.layers, [])
    if (found !== undefined) this.#problems.add(found.setting.place(found.rest), message)
  }
}

/** Requests that each of `load.requests` becomes. */
function partsOf(workload: Draft['sections']['workload']['value']): number {
  if (workload.kind !== 'prefill-decode') return 1
  return Number(workload.promptTokens > 0) + Number(workload.outputTokens > 0)
}
