import type { Cell } from '../domain/cell.ts'
import type { Compared } from '../domain/compared.ts'
import type { ArmDifference } from '../domain/verdict.ts'
import type { CellTrials } from './cell-trials.ts'

export type ComparedCells = { base: Cell; against: Cell; trials: { base: CellTrials; against: CellTrials } }

export function armDifferences(..._all: [Compared, ComparedCells]): ArmDifference[] {
  return []
}
