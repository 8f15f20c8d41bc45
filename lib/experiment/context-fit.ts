import type { Prompt } from '../domain/cell.ts'
import { quote } from '../parse/quote.ts'
import type { Draft } from './draft.ts'
import type { ProblemList } from './problem-list.ts'
import type { MadePrompts } from './prompts-schema.ts'
import { settingOf, toBlame } from './resolve-section.ts'
import type { Section } from './sections.ts'
import type { Setting } from './setting.ts'

/** Adds a problem where a workload needs more context than its backend has; `seen` keeps pairs from being looked at twice. */
export function checkContext({ sections, names }: Draft, seen: PairSet, problems: ProblemList): void {
  const { backend, workload } = sections
  if (!('contextSize' in backend.value) || !seen.isNew(backend, workload)) return // a server knows its own
  const { contextSize } = backend.value
  const { tokens, reason, fields } = needOf(workload.value)
  if (tokens <= contextSize) return
  const message =
    `workload ${quote(names.workload)} needs a context of ${tokens} tokens or more (${reason}), ` +
    `backend ${quote(names.backend)} has a contextSize of ${contextSize}: raise backend.contextSize, or ask for less`
  const candidates = [
    settingOf(backend.layers, ['contextSize']),
    ...fields.map((field) => settingOf(workload.layers, [...field])),
    settingOf(workload.layers, []),
  ].filter((candidate) => candidate !== undefined)
  const chosen = candidates.filter(({ setting }) => isChosen(setting))
  const told = toBlame(chosen) ?? candidates.at(-1)
  if (told !== undefined) problems.add(told.setting.place(told.rest), message)
}

/** Set by whoever wrote the experiment, and so the one to point at. */
const isChosen = ({ from }: Setting): boolean => from !== 'built-in' && from !== 'lab'

type Need = { tokens: number; reason: string; fields: readonly (readonly string[])[] }

/** The tokens of context that a workload takes at least: the length of a prompt's text is not known here. */
function needOf(workload: Section<'workload'>): Need {
  switch (workload.kind) {
    // What a chat's template adds is not known here either.
    case 'completion':
    case 'chat': {
      const maxTokens = outputOf(workload)
      return {
        tokens: maxTokens + 1,
        reason: `${maxTokens} output tokens and a prompt`,
        fields: [['sampling', 'maxTokens']],
      }
    }
    case 'prefill-decode': {
      const { depth, promptTokens, outputTokens } = workload
      // Prefill and decode run apart; the decode starts from one token.
      const reason = `depth ${depth} + the larger of prompt ${promptTokens} and output ${outputTokens} + 1`
      return {
        tokens: depth + Math.max(promptTokens, outputTokens + 1),
        reason,
        fields: [['promptTokens'], ['outputTokens'], ['depth']],
      }
    }
    case 'perplexity':
      return { tokens: workload.context, reason: 'its windows', fields: [['context']] }
  }
}

/** The longest output that is asked for, as far as it is written in the experiment. */
function outputOf({ prompts, sampling }: Extract<Section<'workload'>, { prompts: unknown }>): number {
  if ('file' in prompts) return sampling.maxTokens
  const own = Array.isArray(prompts) ? prompts.map(({ maxTokens }: Prompt) => maxTokens) : madeLengths(prompts)
  return own.reduce<number>((most, tokens = sampling.maxTokens) => Math.max(most, tokens), 1)
}

function madeLengths(recipe: MadePrompts): (number | undefined)[] {
  const parts = 'mix' in recipe ? recipe.mix : [recipe.synthetic]
  return parts.map(({ outputTokens }) => (typeof outputTokens === 'object' ? outputTokens.max : outputTokens))
}

/** Pairs of objects that have been seen. */
export class PairSet {
  readonly #pairs = new WeakMap<object, WeakSet<object>>()

  isNew(first: object, second: object): boolean {
    const partners = this.#pairs.get(first) ?? new WeakSet()
    this.#pairs.set(first, partners)
    const isNew = !partners.has(second)
    partners.add(second)
    return isNew
  }
}
