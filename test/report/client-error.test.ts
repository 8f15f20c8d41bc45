import { expect, test } from 'vitest'
import { fixture } from './fixture.ts'
import { loadFixture } from './load-fixture.ts'
import { viewOf } from './view.ts'

const closed = loadFixture()

test('the client’s own error is a table: its calibration, and of each cell the worst trial', () => {
  const { clientError } = viewOf(closed)
  expect(clientError?.calibration.map(({ name, p99 }) => `${name} ${p99}`)).toMatchInlineSnapshot(`
    [
      "added to TTFT 0.42",
      "error of a gap between events 0.31",
      "send lag 0.28",
      "loop delay 0.35",
    ]
  `)
  expect(clientError?.cells).toHaveLength(7)
  expect(viewOf(fixture()).clientError).toBe(undefined)
})

test('whether the client ran before ordinary programs is said, of trials that tell', () => {
  const said = (first: boolean) => {
    const trials = closed.trials.map((trial, i) =>
      trial.client
        ? { ...trial, client: { ...trial.client, precedence: { realTime: i > 0 || first, awake: false } } }
        : trial,
    )
    return viewOf({ ...closed, trials }).clientError?.precedence
  }
  expect(said(true)).toBe('It ran before ordinary programs.')
  expect(said(false)).toMatch(/^It ran as an ordinary program/)
  expect(viewOf(closed).clientError?.precedence).toBeUndefined()
})
