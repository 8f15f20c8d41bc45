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

  constructor(problems: ProblemList) {
    this.#problems = problems
  }

  check({ sections, names }: Draft): void {
    const { load, workload, limits } = sections
    const { clients } = load.value
    const requests = 'requests' in load.value ? load.value.requests : undefined
    const duration = 'duration' in load.value ? load.value.duration : undefined
    if (this.#workloads.isNew(load, workload)) {
      if (workload.value.kind === 'perplexity') {
        const what = `workload ${quote(names.workload)} is perplexity, which scores its text once`
        if (duration !== undefined) this.#tell(load, ['duration'], `${what}: leave duration out`)
      } else if (requests !== undefined && requests * partsOf(workload.value) < clients) {
        const few = `${clients} clients need as many requests at least, load.requests is ${requests}`
        this.#tell(load, ['clients'], `${few}: raise it, or give a duration`)
      }
    }
    if (duration === undefined || !this.#limits.isNew(load, limits) || duration < limits.value.trial) return
    const longer = `a load of ${duration / 1000} s does not end within limits.trial, ${limits.value.trial / 1000} s`
    this.#tell(load, ['duration'], `${longer}: raise limits.trial, or take less`)
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
