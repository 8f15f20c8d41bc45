import { describe, expect, test } from 'vitest'
import type { ChatWorkload, CompletionWorkload } from '../../lib/domain/cell.ts'
import { measured, type Subject } from './contract.ts'
import { trialOf } from './wire-launch.ts'

/** A backend that asks a server, as its contract tries it. */
export type ServerSubject = {
  start: Subject['start']
  completion: CompletionWorkload
  /** A conversation of two turns or more, where it has chats. */
  conversation?: ChatWorkload
  /** A server of whose requests every second fails, with that reason; absent where none can be made to. */
  failing?: { start: Subject['start']; reason: string }
  countless?: true
  finish?: 'stop'
}

/** What a backend owes besides where it asks a server: that has conversations, and may fail where an engine in this process cannot. */
export function serverContract(name: string, subject: ServerSubject): void {
  const { start, completion, conversation, failing, countless, finish = 'length' } = subject
  describe(`the backend ${name}, which asks a server`, () => {
    test.runIf(conversation)('goes on with a conversation', async () => {
      if (conversation === undefined) return
      const turns = conversation.prompts.reduce((sum, { followUps = [] }) => sum + 1 + followUps.length, 0)
      const load = { kind: 'closed' as const, clients: 1, requests: turns }
      const { requests } = await measured(start, trialOf(conversation, { load }))
      expect(requests.map(({ outcome }) => outcome.status)).toEqual(Array.from({ length: turns }, () => 'ok'))
      const [first, second] = requests
      if (countless) return
      expect(second?.promptTokens).toBeGreaterThan((first?.promptTokens ?? 0) + (first?.outputTokens ?? 0))
    })

    test.runIf(failing)('a request that fails is an outcome with its reason and its evidence', async () => {
      if (failing === undefined) return
      const load = { kind: 'closed' as const, clients: 1, requests: 4 }
      const { end, requests } = await measured(failing.start, trialOf(completion, { load }))
      expect(end).toEqual({ status: 'ok' })
      const failed = { outcome: { status: 'failed', reason: failing.reason, detail: expect.stringMatching(/\S/) } }
      const whole = { outcome: { status: 'ok', finish } }
      expect(requests).toMatchObject([whole, failed, whole, failed])
    })
  })
}
