import { expect, test } from 'vitest'
import type { Io } from '../../lib/cli/io.ts'
import { ToldRuns } from '../../lib/cli/told-runs.ts'

function printed(files: number, plans: readonly object[]): unknown[] {
  const said: unknown[] = []
  const io = { stdout: (text: string) => void said.push(JSON.parse(text)) } as Partial<Io> as Io
  {
    using told = new ToldRuns(files, io)
    for (const plan of plans) told.tell(plan)
  }
  return said
}

test('whatever is run, one JSON value is printed: of several files with all that have ended', () => {
  expect(printed(1, [{ plan: 'a' }])).toEqual([{ benchbook: 1, plan: 'a' }])
  expect(printed(0, [{ plan: 'resumed' }])).toEqual([{ benchbook: 1, plan: 'resumed' }])
  expect(printed(3, [{ plan: 'a' }, { plan: 'b' }])).toEqual([{ benchbook: 1, plans: [{ plan: 'a' }, { plan: 'b' }] }])
  expect(printed(1, [])).toEqual([])
})
