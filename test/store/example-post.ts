import type { CheckedClaim, PublishedPost } from '../../lib/domain/published.ts'

const said = { en: 'Speed', ko: '속도' }
/** A post with a table of two rows, a claim, a slip and a note. */
export const examplePost: PublishedPost = {
  name: 'cards',
  title: said,
  source: { title: 'Cards', date: '2023-10-01' },
  tables: [
    {
      name: 'speed',
      number: 'Table 1',
      title: said,
      columns: [
        { name: 'gpu', title: said, role: 'key' },
        { name: 'tps', title: said, unit: 'tokens/s', role: 'measured' },
      ],
      rows: [{ line: 7, cells: { gpu: 'A', tps: '6.50' } }, { cells: { gpu: 'B', tps: '' } }],
    },
  ],
  figures: { speed: { kind: 'bars', table: 'speed', columns: ['tps'] } },
  claims: [{ id: 'fastest', says: said, lines: [9], test: "max(column('speed', 'tps')) == 6.5" }],
  slips: [{ of: 'fastest', cause: said, lines: [9] }],
  notes: [{ says: said, lines: [] }],
}
export const exampleClaims: CheckedClaim[] = [
  { of: 'fastest', kind: 'sentence', formula: 'x', lines: [9], outcome: { status: 'reproduced' } },
  {
    of: 'speed/A/tps',
    kind: 'cell',
    formula: 'y',
    printed: '6.50',
    lines: [7],
    outcome: { status: 'differs', recomputed: '6.61', by: -0.017, withinRounding: false },
  },
]
export const examplePostOptions = {
  claims: exampleClaims,
  numberOf: (text: string) => (text === '' || text === 'A' || text === 'B' ? undefined : Number(text)),
}
