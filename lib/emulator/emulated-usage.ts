import type { EmulatedUsage, Emulation, FaultRule } from '../domain/emulation.ts'
import type { Ask } from './emulated-ask.ts'

/** What the server says of its tokens, and when. */
export type UsageTold = {
  when: Ask['usage']
  cachedTokens: number
  /** After so many output tokens. */
  after: (outputTokens: number) => EmulatedUsage
}

/** By the settings; the fault `wrong-usage` is wrong in a way of its own at each place. */
export function usageTold({ cached, usage }: Emulation, ask: Ask, fault: FaultRule | undefined): UsageTold {
  const cachedTokens = Math.floor(cached * ask.promptTokens)
  const { promptTokens } = ask
  const wrong = fault?.kind === 'wrong-usage' ? fault.at : usage === 'wrong' ? 'last-event' : undefined
  return {
    when: usage === 'none' ? 'none' : usage === 'continuous' ? 'continuous' : ask.usage,
    cachedTokens,
    after: (tokens) => ({ promptTokens, outputTokens: said(tokens, promptTokens, wrong), cachedTokens }),
  }
}

function said(tokens: number, promptTokens: number, wrong: FaultRule['at'] | undefined): number {
  switch (wrong) {
    case undefined:
      return tokens
    case 'before-headers':
      return 0
    case 'before-first-event':
      return tokens + promptTokens + 1 // counts the prompt, and the role, as output
    case 'mid-stream':
      return Math.floor(tokens / 2)
    case 'last-event':
      return Math.ceil(tokens * 1.5)
  }
}
