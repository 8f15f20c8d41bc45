import type { ArmDifference } from '../domain/verdict.ts'
import type { Evidence } from './evidence.ts'
import { armFields, shortText } from './machines.ts'
import { missing } from './numbers.ts'
import { metricsOf, type ShownPair } from './shown-pair.ts'
import { fieldText } from './verdict-fields.ts'

/** A field of the manifests or settings in which two arms differ. */
export type PairDifference = {
  /** As the verdict names it, and its path. */
  name: string
  path: string
  base: string
  against: string
  /** The treatment implies it; else the arms do not compare. */
  implied: boolean
}

const mostDifferences = 40

/** In what the two arms differ: what their treatment does not imply first. */
export function pairDifferences(evidence: Evidence, pair: ShownPair): { rows: PairDifference[]; left: number } {
  const foreign = foreignDifferences(pair)
  const known = new Set(foreign.map(({ field }) => field))
  const seen = seenDifferences(evidence, pair).filter(({ field }) => !known.has(field))
  const rowOf =
    (implied: boolean) =>
    ({ field, base, against }: ArmDifference) => ({
      name: fieldText(field, evidence.words),
      path: field,
      base,
      against,
      implied,
    })
  const all = [...foreign.map(rowOf(false)), ...seen.map(rowOf(true))]
  return { rows: all.slice(0, mostDifferences), left: Math.max(0, all.length - mostDifferences) }
}

function foreignDifferences(pair: ShownPair): ArmDifference[] {
  const all = metricsOf(pair).flatMap(({ comparison: { verdict } }) =>
    verdict.row === 'not-comparable' ? verdict.differences : [],
  )
  return [...new Map(all.map((each) => [each.field, each])).values()]
}

/** What the manifests of their launches tell apart. */
function seenDifferences(evidence: Evidence, { cells }: ShownPair): ArmDifference[] {
  const [first] = cells
  if (first === undefined) return []
  const [a, b] = [armFields(evidence.data, first.base.arm), armFields(evidence.data, first.against.arm)]
  if (a.size === 0 || b.size === 0) return []
  const textOf = (values: ReadonlySet<string> | undefined, field: string) =>
    values === undefined ? missing : [...values].map((text) => shortText(field, text)).join(' / ')
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((field) => {
    const [own, other] = [textOf(a.get(field), field), textOf(b.get(field), field)]
    return own === other ? [] : [{ field, base: own, against: other }]
  })
}
