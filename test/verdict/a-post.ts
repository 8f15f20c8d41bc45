import type { HardwareFacts, PublishedClaim, PublishedColumn, PublishedPost } from '../../lib/domain/published.ts'

const both = (text: string) => ({ en: text, ko: text })

/** A column of a made-up post. */
export function aColumn(name: string, formula?: string): PublishedColumn {
  const role = name === 'name' ? ('key' as const) : formula === undefined ? ('measured' as const) : ('derived' as const)
  return { name, title: both(name), role, ...(formula !== undefined && { formula }) }
}

/** A post with one table, `runs`, whose rows are given as texts in the columns' order; its lines count from 11. */
export function aPost({
  columns,
  rows,
  claims = [],
}: {
  columns: readonly PublishedColumn[]
  rows: readonly (readonly string[])[]
  claims?: readonly PublishedClaim[]
}): PublishedPost {
  return {
    name: 'made-up',
    title: both('Made up'),
    source: { title: 'Made up' },
    tables: [
      {
        name: 'runs',
        title: both('Runs'),
        columns,
        rows: rows.map((cells, index) => ({
          line: 11 + index,
          cells: Object.fromEntries(columns.map(({ name }, at) => [name, cells[at] ?? ''])),
        })),
      },
    ],
    figures: {},
    claims,
    slips: [],
    notes: [],
  }
}

/** A sentence that is held to a comparison. */
export const aTest = (id: string, test: string): PublishedClaim => ({ id, says: both(id), lines: [3], test })

/** A sentence that is held to a number. */
export const aFigure = (id: string, formula: string, printed: string): PublishedClaim => ({
  id,
  says: both(id),
  lines: [3],
  formula,
  printed,
})

export const someHardware: ReadonlyMap<string, HardwareFacts> = new Map([
  [
    'rtx-3060',
    {
      title: 'RTX 3060',
      kind: 'gpu',
      vramGb: 12,
      price: { usd: 329, source: 'list', date: '2021-02-25' },
      source: 'list',
      date: '2023-10-01',
    },
  ],
  ['pi-5', { title: 'Pi 5', kind: 'machine', memoryGb: 8, source: 'list', date: '2023-10-01' }],
])
