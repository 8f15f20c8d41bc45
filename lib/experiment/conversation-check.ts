import type { WorkloadConfig } from '../domain/cell.ts'
import { quote } from '../parse/quote.ts'
import { PairSet } from './context-fit.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import { toBlame, settingOf, type FoundSetting } from './resolve-section.ts'

/** Tells where there are conversations that cannot be had: outside of a chat, or at moments that were drawn before. */
export class ConversationCheck {
  readonly #problems: ProblemList
  readonly #seen = new PairSet()

  constructor(problems: ProblemList) {
    this.#problems = problems
  }

  check({ sections, names }: Draft, workload: WorkloadConfig): void {
    const { load } = sections
    const prompts = settingOf(sections.workload.layers, ['prompts'])
    if (!('prompts' in workload) || !this.#seen.isNew(load, workload)) return
    const first = workload.prompts.find(({ followUps }) => followUps !== undefined)
    if (first === undefined) return
    const what = `workload ${quote(names.workload)} has conversations (${quote(first.id)} goes on with then)`
    if (workload.kind !== 'chat')
      this.#tell(
        [prompts, settingOf(sections.workload.layers, ['kind'])],
        `${what}, which only a chat has: make it kind: chat, or take then out`,
      )
    else if (load.value.kind !== 'closed')
      this.#tell(
        [settingOf(load.layers, ['kind']), prompts],
        `${what}, and a load of kind ${load.value.kind} sends at moments that were drawn before, whether or not an answer is there: take load.kind: closed`,
      )
  }

  #tell(settings: readonly (FoundSetting | undefined)[], message: string): void {
    const found = toBlame(settings)
    if (found !== undefined) this.#problems.add(found.setting.place(found.rest), message)
  }
}
