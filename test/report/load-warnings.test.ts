import { describe, expect, test } from 'vitest'
import type { PlanData } from '../../lib/domain/plan-data.ts'
import { hostile } from './eventful-fixture.ts'
import { calibration, loadFixture, withInvalid } from './load-fixture.ts'
import { viewOf } from './view.ts'

const rates = [5, 10, 20, 40, 50, 60]
const closed = loadFixture()
const open = loadFixture({ rates })
const clientBusy = { reason: 'client-busy', detail: 'loop delay 3.2 ms at p99, 6 % of 52 ms' } as const
const says = (data: PlanData) => viewOf(data).warnings.map((warning) => warning.says)

describe('what may mislead', () => {
  test('names a saturated client with its numbers', () => {
    const data = withInvalid(closed, clientBusy, ({ id }) => id < 3)
    const found = viewOf(data).warnings.find((warning) => warning.says.startsWith('A saturated client'))
    expect(found?.says).toBe('A saturated client: it could not keep up with the server. Invalid: 2 of 21 trials.')
    expect(found?.means).toContain('The first: loop delay 3.2\u00a0ms at p99')
  })

  test('names a late client and a server whose usage is wrong as plainly', () => {
    const late = withInvalid(open, { reason: 'client-late', detail: 'late' }, ({ id }) => id === 1)
    const wrong = withInvalid(open, { reason: 'token-count', detail: 'twice' }, ({ id }) => id === 1)
    expect([late, wrong].flatMap((data) => says(data).filter((text) => text.includes('Invalid'))))
      .toMatchInlineSnapshot(`
      [
        "A late client: requests left later than they were due. Invalid: 1 of 18 trials.",
        "The server’s count of tokens is not to be trusted: a tokenizer counts otherwise. Invalid: 1 of 18 trials.",
      ]
    `)
  })

  test('says that a calibration was disturbed, and nothing of one that was not', () => {
    expect(says(closed).filter((text) => text.startsWith('The client was off'))).toEqual([])
    const sessions = closed.sessions.map((session) => ({
      ...session,
      calibration: { ...calibration, sendLagMs: { p50: 0.1, p99: 181.47, max: 190 } },
    }))
    expect(says({ ...closed, sessions }).filter((text) => text.startsWith('The client was off')))
      .toMatchInlineSnapshot(`
      [
        "The client was off before anything was measured: send lag 181 ms at p99 against a server that answers at once.",
      ]
    `)
  })

  test('names a queue that a late client hides', () => {
    const data = loadFixture({ rates, poolWaitMs: 60 })
    expect(says(open).filter((text) => text.startsWith('A hidden queue'))).toEqual([])
    expect(says(data).filter((text) => text.startsWith('A hidden queue'))).toMatchInlineSnapshot(`
      [
        "A hidden queue: on rehearsal · 5 requests/s · ask half of the first tokens came within 60.4 ms of their sending, but 120 ms of their schedule.",
      ]
    `)
  })

  test('names a load with too few clients, of the cells the one in which the most waited', () => {
    const queues = [
      { trialId: 1, arrivals: 100, waited: 5, unserved: 0 },
      { trialId: 2, arrivals: 100, waited: 40, unserved: 7 },
    ]
    expect(says({ ...open, queues }).filter((text) => text.startsWith('Too few'))).toMatchInlineSnapshot(`
      [
        "Too few clients: on rehearsal · 10 requests/s · ask, 40 of 100 arrivals waited for one of 64 clients, 7 of them until the duration ended.",
      ]
    `)
    expect(says({ ...open, queues: queues.slice(0, 1) }).filter((text) => text.startsWith('Too few'))).toEqual([])
  })

  test('tells failed requests by class with one of them, and connections that were opened anew', () => {
    const failures = [{ reason: 'connection-reset', n: 4, example: `reset after 12 events ${hostile.script}` }] as const
    const wire = [{ trialId: 3, failures, reconnected: 4, sendLagMs: 0.3 }]
    expect(says({ ...closed, wire }).filter((text) => text.includes('request'))).toMatchInlineSnapshot(`
      [
        "4 of 2325 requests failed, connection reset; one of them: reset after 12 events </script><script>alert(1)</script>.",
        "4 requests (0.17 %) had to open a new connection.",
      ]
    `)
  })

  test('says where several events came in one read', () => {
    const trials = closed.trials.map((trial) =>
      trial.client === undefined || trial.id > 1
        ? trial
        : { ...trial, client: { ...trial.client, eventsPerRead: { p50: 2, p99: 9, max: 30 } } },
    )
    expect(says({ ...closed, trials })).toContain(
      'Several events in one read: up to 9 at p99, on rehearsal · 1 client · ask.',
    )
  })

  test('does not miss the memory of a server', () => {
    expect(says(closed).filter((text) => text.includes('PSS'))).toEqual([])
  })
})
