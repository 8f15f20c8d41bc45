import type { GreedyAnswer } from '../domain/plan-data.ts'
import type { ShownCell } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { missing } from './numbers.ts'
import { shownText } from './shown-text.ts'
import { textCell, type TableCell } from './value-table.ts'

/** An answer against that of the base: the same, other from a character on (counted from 1), or not to be compared. */
type Against = { promptId: string } & (
  | { is: 'same' }
  | { is: 'other'; at: number; own: string; base: string }
  | { is: 'varies' }
  | { is: 'base-varies' }
)
/** Characters of either text from where they differ. */
const shownOfText = 12

export type SameAnswers = {
  /** What the others are held against: the first cell whose answers are always the same, else the first with any. */
  base: ShownCell
  prompts: readonly string[]
  /** In a few words, for a column of the cell's own. */
  shareOf: (cell: ShownCell) => TableCell
  /** One for each of `prompts`. */
  cellsOf: (cell: ShownCell) => readonly TableCell[]
}

/** Whether `cells` answered alike, by their `answers` as they came; `undefined` where fewer than two have any. */
export function sameAnswersOf(
  evidence: Evidence,
  cells: readonly ShownCell[],
  answers: readonly GreedyAnswer[],
): SameAnswers | undefined {
  const byCell = Map.groupBy(answers, ({ cellId }) => cellId)
  const answering = cells.filter(({ cell }) => byCell.has(cell.id))
  const always = ({ cell }: ShownCell) => byCell.get(cell.id)?.every(({ texts }) => texts === 1)
  const base = answering.find(always) ?? answering[0]
  if (base === undefined || answering.length < 2) return undefined
  const own = (cell: ShownCell) => byCell.get(cell.cell.id) ?? []
  const against = (cell: ShownCell) => own(cell).flatMap((answer) => compared(answer, own(base)))
  const prompts = inOrder(base, own(base))
  return {
    base,
    prompts: prompts.map((id) => shownText(id)),
    shareOf: (cell) => (cell === base ? baseCell(evidence) : shareCell(evidence, cell, against(cell))),
    cellsOf: (cell) =>
      prompts.map((id) => {
        if (cell === base) return baseCell(evidence)
        return promptCell(
          evidence,
          cell,
          against(cell).find(({ promptId }) => promptId === id),
        )
      }),
  }
}

/** The prompts of the file in its order, then others, such as later turns. */
function inOrder({ cell }: ShownCell, answers: readonly GreedyAnswer[]): string[] {
  const { workload } = cell.config
  const declared = 'prompts' in workload ? workload.prompts.map(({ id }) => id) : []
  const place = ({ promptId }: GreedyAnswer) => {
    const at = declared.indexOf(shownText(promptId))
    return at === -1 ? declared.length : at
  }
  return answers.toSorted((a, b) => place(a) - place(b)).map(({ promptId }) => promptId)
}

function compared({ promptId, text, texts }: GreedyAnswer, base: readonly GreedyAnswer[]): Against[] {
  const other = base.find((answer) => answer.promptId === promptId)
  if (other === undefined) return []
  if (texts > 1) return [{ promptId, is: 'varies' }]
  if (other.texts > 1) return [{ promptId, is: 'base-varies' }]
  if (text === other.text) return [{ promptId, is: 'same' }]
  const [own, against] = [Array.from(text), Array.from(other.text)]
  const first = own.findIndex((character, at) => character !== against[at])
  const at = first === -1 ? own.length : first
  const excerpt = (characters: readonly string[]) => shownText(characters.slice(at, at + shownOfText).join(''))
  return [{ promptId, is: 'other', at: at + 1, own: excerpt(own), base: excerpt(against) }]
}

function baseCell({ words }: Evidence): TableCell {
  return textCell(words('engines.base'))
}

function shareCell({ words }: Evidence, cell: ShownCell, found: readonly Against[]): TableCell {
  if (found.length === 0) return noAnswer(words, cell)
  const all = found.filter(({ is }) => is !== 'base-varies')
  if (all.length === 0) return textCell(words('engines.base-varies'))
  const same = all.filter(({ is }) => is === 'same').length
  const at = Math.min(...all.flatMap((each) => (each.is === 'other' ? [each.at] : [])))
  const half = Number.isFinite(at) ? words('engines.from', { at }) : ''
  const title = all.some(({ is }) => is === 'varies') ? words('engines.varies') : words('engines.same-title')
  return textCell(words('engines.share', { same, n: all.length }), {
    half,
    title,
    raw: String(same / all.length),
    differs: same < all.length,
  })
}

function promptCell({ words }: Evidence, cell: ShownCell, found: Against | undefined): TableCell {
  switch (found?.is) {
    case undefined:
      return noAnswer(words, cell)
    case 'same':
      return textCell(words('engines.equal'))
    case 'varies':
      return textCell(words('engines.varies'), { differs: true })
    case 'base-varies':
      return textCell(words('engines.base-varies'))
    case 'other':
      return textCell(words('engines.from', { at: found.at }), {
        half: words('engines.excerpts', { own: found.own, base: found.base }),
        differs: true,
      })
  }
}

function noAnswer(words: Evidence['words'], { cell }: ShownCell): TableCell {
  const { backend } = cell.config
  const salted = 'salt' in backend && backend.salt
  if (salted) return textCell(words('engines.salted'), { title: words('engines.salted-title') })
  return textCell(missing, { title: words('engines.not-kept'), gap: true })
}
