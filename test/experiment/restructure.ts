import { parseYaml } from '../../lib/parse/yaml-document.ts'
import { orThrow } from '../../lib/parse/problem.ts'
import { sourceText } from '../../lib/parse/source-text.ts'

type Tree = unknown[] | { [key: string]: unknown }
type Spot = { parent: Tree; key: string }
type Change = (spot: Spot, other: { value: unknown; key: string }) => void

const leaves = ['', null, true, 0, -1, 1.5, 1e308, 2 ** 53, '*', 'f16', 'tiny', '1m', [], {}, [[]], [null], { '': 1 }]

/** What `text` says with one to three parts of it moved, doubled, wrapped, retyped or taken away: other YAML, always valid. */
export function restructure(text: string, random: () => number): string {
  const any = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T
  const root = copy(orThrow(parseYaml(sourceText('x.yaml', text))).value) as Tree
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) {
    const spots = [...spotsOf(root)]
    const names = spots.filter(({ parent }) => !Array.isArray(parent))
    if (names.length === 0) break
    const value = copy(random() < 0.3 ? any(leaves) : valueAt(any(spots)))
    any(changes)(any(spots), { value, key: any(names).key })
  }
  return JSON.stringify(root, null, 1)
}

const changes: readonly Change[] = [
  ({ parent, key }) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]),
  (spot, { value }) => put(spot, value),
  (spot) => put(spot, [valueAt(spot)]),
  (spot, { key }) => put(spot, { [key]: valueAt(spot) }),
  (spot) => put(spot, typeof valueAt(spot) === 'number' ? -Number(valueAt(spot)) : String(valueAt(spot))),
  ({ parent }, { value, key }) => (Array.isArray(parent) ? parent.push(value) : put({ parent, key }, value)),
  (spot, { key }) => {
    const again = copy(valueAt(spot))
    if (Array.isArray(spot.parent)) spot.parent.splice(Number(spot.key), 0, again)
    else put({ parent: spot.parent, key }, again)
  },
]

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const valueAt = ({ parent, key }: Spot) => (parent as Record<string, unknown>)[key]
const put = ({ parent, key }: Spot, value: unknown) => void ((parent as Record<string, unknown>)[key] = value)

/** Every place in a tree where a value stands. */
function* spotsOf(tree: unknown): Generator<Spot> {
  if (typeof tree !== 'object' || tree === null) return
  for (const key of Object.keys(tree)) {
    const spot = { parent: tree as Tree, key }
    yield spot
    yield* spotsOf(valueAt(spot))
  }
}
