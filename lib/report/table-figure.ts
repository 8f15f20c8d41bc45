import { barsFigure, type BarsAsked } from './bars-figure.ts'
import { bitsLadderFigure, type BitsLadderAsked } from './bits-ladder-figure.ts'
import { bitsSizesFigure, type BitsSizesAsked } from './bits-sizes-figure.ts'
import { costFigure, type CostAsked } from './cost-figure.ts'
import { marginalFigure, type MarginalAsked } from './marginal-figure.ts'
import { pointsFigure, type PointsAsked } from './points-figure.ts'
import type { TableFigure } from './post-figure.ts'
import { readingBandFigure, type ReadingBandAsked } from './reading-band-figure.ts'
import type { Words } from './words.ts'

/** A chart of a post as it is asked for, with the table or the rows that it shows. */
export type FigureAsked =
  | BarsAsked
  | PointsAsked
  | MarginalAsked
  | CostAsked
  | ReadingBandAsked
  | BitsSizesAsked
  | BitsLadderAsked

/** The chart that is asked for, in the language of `words`. Throws a `UserError` for columns and rows that a table does not have. */
export function tableFigure(asked: FigureAsked, words: Words): TableFigure {
  switch (asked.kind) {
    case 'bars':
      return barsFigure(asked, words)
    case 'points':
      return pointsFigure(asked, words)
    case 'marginal':
      return marginalFigure(asked, words)
    case 'cost':
      return costFigure(asked, words)
    case 'reading-band':
      return readingBandFigure(asked, words)
    case 'bits-sizes':
      return bitsSizesFigure(asked, words)
    case 'bits-ladder':
      return bitsLadderFigure(asked, words)
  }
}
