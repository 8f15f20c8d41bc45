import { quote } from '../parse/quote.ts'
import type { SectionName } from './sections.ts'
import { valueAt, withValueAt, type Setting } from './setting.ts'

/** A setting and where in its section it goes; the first layer of a section has the path `[]`. */
export type Layer = { path: readonly string[]; setting: Setting }

/**
 * A layer whose path a section does not have. Both go on after `no cell has the path "load.size"`: `why` where something stands in
 * its way, else a `hint` at what may have been meant.
 */
export type Unreached = { layer: Layer; why: string } | { layer: Layer; hint: string }
type Barred = Extract<Unreached, { why: string }>

/** The settings as one value. What would have to replace a list or a number by a map of keys is left out of it: `barred`. */
export function laidTogether(layers: readonly Layer[], name: SectionName): { raw: unknown; barred: Barred[] } {
  const barred: Barred[] = []
  let raw: unknown = {}
  for (const layer of layers) {
    const { path, setting } = layer
    const below = withoutRival(raw, layer, { layers, name })
    const why = whyBarred(below, path, name)
    if (why === undefined) raw = withValueAt(below, path, setting.value === undefined ? {} : setting.value)
    else barred.push({ layer, why })
  }
  return { raw, barred }
}

/** Something on the way to `path` that has no keys. */
function whyBarred(below: unknown, path: readonly string[], name: SectionName): string | undefined {
  for (let length = 1; length < path.length; length++) {
    const value = valueAt(below, path.slice(0, length))
    if (value === undefined) return undefined
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) continue
    const at = [name, ...path.slice(0, length)].join('.')
    const what = Array.isArray(value) ? 'a list' : quote(value)
    return `: ${at} is ${what}, with nothing below it: set ${at} itself, whole`
  }
  return undefined
}

/** Of these a cell has one. */
const rivals: Readonly<Partial<Record<SectionName, Readonly<Record<string, string>>>>> = {
  load: { requests: 'duration', duration: 'requests' },
  // An experiment that starts its servers rehearses, or asks one that runs, with --set backend.url.
  backend: { url: 'launch', launch: 'url' },
}

type Laid = { layers: readonly Layer[]; name: SectionName }

/** A field that is set takes the place of its rival from below; where one and the same source sets both, both are there. */
function withoutRival(below: unknown, { path, setting }: Layer, { layers, name }: Laid): unknown {
  const rival = path.length === 1 ? rivals[name]?.[path[0] ?? ''] : undefined
  const isBeside = layers.some((each) => each.path[0] === rival && each.setting.from === setting.from)
  if (rival === undefined || isBeside || valueAt(below, [rival]) === undefined) return below
  const { [rival]: _, ...rest } = below as Record<string, unknown>
  return rest
}

/** Whether a path leads to or through another. */
export function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((step, index) => path[index] === step)
}
