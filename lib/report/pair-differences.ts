import type { ArmDifference } from '../domain/verdict.ts'
import { configFacts, manifestFacts } from '../verdict/arm-facts.ts'
import type { ShownCell } from './comparison.ts'
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
const longest = 120

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

/** What settings and the manifests of launches tell apart, of what arms are held to at all. */
function seenDifferences(evidence: Evidence, { cells }: ShownPair): ArmDifference[] {
  const [first] = cells
  if (first === undefined) return []
  const { base, against } = first
  const settings = apart(settingsOf(base), settingsOf(against))
  const seen = apart(armFields(evidence.data, base.arm), armFields(evidence.data, against.arm))
  // A digest that both have stands there once.
  const told = new Set(settings.map(({ field }) => `engine.${field}`))
  return [...settings, ...seen.filter(({ field }) => isHeldTo(evidence, field) && !told.has(field))]
}

type Values = ReadonlyMap<string, ReadonlySet<string>>

const settingsOf = ({ cell }: ShownCell): Values =>
  new Map([...configFacts(cell)].map(([field, value]) => [field, new Set([value])]))

/** Where nothing was launched of an arm nothing is known. */
function apart(a: Values, b: Values): ArmDifference[] {
  if (a.size === 0 || b.size === 0) return []
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((field) => {
    const [own, other] = [textOf(a.get(field), field), textOf(b.get(field), field)]
    return own === other ? [] : [{ field, base: own, against: other }]
  })
}

function textOf(values: ReadonlySet<string> | undefined, field: string): string {
  if (values === undefined) return missing
  const text = [...values].map((value) => shortText(field, value)).join(' / ')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** What is of no account to any comparison (the tool's commit, a server's command) is none here, nor how each matrix of a model is stored. */
function isHeldTo({ data }: Evidence, field: string): boolean {
  if (field.startsWith('engine.artifact.shape.')) return false
  return Object.values(data.manifests).some(({ manifest }) => manifestFacts(manifest).has(field))
}
