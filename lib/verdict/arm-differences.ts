import { canonicalJson } from '../domain/canonical-json.ts'
import type { Cell } from '../domain/cell.ts'
import type { Compared, ComparedTrial } from '../domain/compared.ts'
import { isUnseenModel } from '../domain/unseen-model.ts'
import type { ArmDifference } from '../domain/verdict.ts'
import { configFacts, manifestFacts } from './arm-facts.ts'
import { treatmentOf } from './arm-pairs.ts'
import type { CellTrials } from './cell-trials.ts'
import type { Fields } from './flat-fields.ts'
import { impliedFields } from './implied.ts'

/** Two cells and what was measured of them. */
export type ComparedCells = { base: Cell; against: Cell; trials: { base: CellTrials; against: CellTrials } }

const longest = 120
/** So much of what is alike is shown before what is not. */
const before = 20

/**
 * In what two arms differ though their treatment does not imply it, and in what an arm differs from block to block: then it is not one
 * thing that was measured. What only one of two artifacts' descriptions says is no difference: engines know more or less of it. Nor
 * are digests where both have only that of a name and an address.
 */
export function armDifferences(
  { plan, manifests }: Compared,
  { base, against, trials }: ComparedCells,
): ArmDifference[] {
  const [configA, configB] = [configFacts(base), configFacts(against)]
  const [seenA, seenB] = [trials.base, trials.against].map((cell) => seenBy(cell, manifests)) as [Seen, Seen]
  const isMeasured = seenA.size > 0 && seenB.size > 0
  const all = {
    a: [...entries(configA), ...(isMeasured ? seenA : [])],
    b: [...entries(configB), ...(isMeasured ? seenB : [])],
  }
  const [a, b]: [Seen, Seen] = [new Map(all.a), new Map(all.b)]
  addTokens({ a, b }, { base, trials })
  const unseen = isUnseenModel(base.config) && isUnseenModel(against.config)
  const fields = [...new Set([...a.keys(), ...b.keys()])].filter((field) => !unseen || !digests.has(field))
  const treatments = treatmentOf(plan).filter((axis) => text(base, axis) !== text(against, axis))
  const changed = fields.filter((field) => field.startsWith('backend.') && !isSame(a.get(field), b.get(field)))
  const isImplied = impliedFields(treatments, changed)
  return fields.flatMap((field) => {
    const [one, other] = [a.get(field), b.get(field)]
    const isOnBoth = one !== undefined && other !== undefined
    const isSteady = (one?.size ?? 0) < 2 && (other?.size ?? 0) < 2
    if (isSteady && (isSame(one, other) || (!isOnBoth && isDescription(field)) || isImplied(field, isOnBoth))) return []
    if (isSteady && isTemplate(field, base, a, b)) return []
    return [{ field, ...shown(one, other) }]
  })
}

/** By field the values that launches of one arm had. */
type Seen = Map<string, Set<string>>

const entries = (fields: Fields): [string, Set<string>][] =>
  [...fields].map(([field, value]) => [field, new Set([value])])

/** Of the launches whose trials count: a field that some of them do not tell has the others' values. */
function seenBy({ blocks }: CellTrials, manifests: Compared['manifests']): Seen {
  const digests = blocks.flatMap((block) =>
    block.status === 'measured' && block.trial.status === 'ok' ? [block.launch.manifestDigest ?? ''] : [],
  )
  const seen: Seen = new Map()
  for (const digest of new Set(digests)) {
    const found = manifests[digest]
    if (found === undefined) continue
    for (const [field, value] of manifestFacts(found.manifest)) {
      const values = seen.get(field)
      if (values === undefined) seen.set(field, new Set([value]))
      else values.add(value)
    }
  }
  return seen
}

/** How many tokens the prompts became: equal where the same was asked, but for a salt, which is another each time. */
function addTokens({ a, b }: { a: Seen; b: Seen }, { base, trials }: Pick<ComparedCells, 'base' | 'trials'>): void {
  const { backend } = base.config
  if ('salt' in backend && backend.salt) return
  const [one, other] = [tokensOf(trials.base), tokensOf(trials.against)]
  const common = [...one.keys()].filter((prompt) => other.has(prompt))
  if (common.length === 0) return
  const texts = (tokens: ReadonlyMap<string, number>) =>
    new Set([common.map((prompt) => `${prompt}: ${tokens.get(prompt)}`).join(', ')])
  a.set(tokens, texts(one))
  b.set(tokens, texts(other))
}

const tokens = 'prompts.tokens'

function tokensOf({ blocks }: CellTrials): Map<string, number> {
  const measured = blocks.flatMap((block): ComparedTrial[] => (block.status === 'measured' ? [block.trial] : []))
  return new Map(
    measured.flatMap(({ prompts }) =>
      prompts.flatMap(({ promptId, promptTokens }) =>
        promptTokens === undefined ? [] : [[promptId, promptTokens] as const],
      ),
    ),
  )
}

const digests: ReadonlySet<string> = new Set(['artifact.digest', 'engine.artifact.digest'])

const text = ({ axes }: Cell, axis: string) => canonicalJson(axes[axis])

const isSame = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean =>
  a?.size === b?.size && [...(a ?? [])].every((value) => b?.has(value))

const isDescription = (field: string): boolean => field.startsWith('engine.artifact.')

/** A chat template that only one of two files has is none of the prompts' business where they became the same tokens, or are no chats. */
function isTemplate(field: string, { config }: Cell, a: Seen, b: Seen): boolean {
  if (field !== 'engine.artifact.chatTemplate') return false
  return config.workload.kind !== 'chat' || (a.has(tokens) && isSame(a.get(tokens), b.get(tokens)))
}

/** The two sides as text, of several values all of them; of long ones, which may be anything, the part where they part. */
function shown(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): { base: string; against: string } {
  const [one, other] = [a, b].map((values) => [...(values ?? [])].join(' | ')) as [string, string]
  let same = 0
  while (same < one.length && one[same] === other[same]) same += 1
  const from = Math.max(one.length, other.length) <= longest ? 0 : Math.max(0, same - before)
  const part = (all: string) =>
    `${from > 0 ? '…' : ''}${all.slice(from, from + longest)}${all.length > from + longest ? '…' : ''}`
  return { base: part(one), against: part(other) }
}
