import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { abortWith } from '../../lib/shell/abort-with.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const reason = new Error('why')

test('a controller is aborted with its signal, for the same reason, whichever comes first', () => {
  const [source, before, after] = [new AbortController(), new AbortController(), new AbortController()]
  abortWith(before, source.signal)
  expect(before.signal.aborted).toBe(false)
  source.abort(reason)
  abortWith(after, source.signal)
  for (const { signal } of [before, after]) expect([signal.aborted, signal.reason]).toEqual([true, reason])
})

/** What is aborted by a source that nothing else holds once it has fired. */
function lookedAtLater(): AbortSignal {
  const [source, controller] = [new AbortController(), new AbortController()]
  abortWith(controller, source.signal)
  setImmediate(() => source.abort(reason))
  return controller.signal
}

test('it is seen where nobody looked until the source had been collected', async () => {
  const signals = Array.from({ length: 50 }, lookedAtLater)
  for (let turns = 0; turns < 5; turns += 1) {
    await delay(1)
    collectGarbage()
  }
  expect(signals.map(({ aborted }) => aborted)).toEqual(signals.map(() => true))
})
