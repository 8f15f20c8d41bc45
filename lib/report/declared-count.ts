import type { Evidence } from './evidence.ts'

/** k: each metric of each cell of each pair that was declared. */
export function declaredCount({ data }: Pick<Evidence, 'data'>): number {
  const all = (data.verdicts?.comparisons ?? []).flatMap(({ cells }) => cells.flatMap(({ metrics }) => metrics))
  return all.filter(({ declared }) => declared).length
}
