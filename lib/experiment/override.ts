import { withPath } from '../parse/check-value.ts'
import { quote } from '../parse/quote.ts'
import { whenConditions, type Condition, type RuleContext } from './condition.ts'
import { meaningOf } from './paths.ts'
import type { Layer } from './lay-settings.ts'
import type { SectionName } from './sections.ts'
import { settingAt } from './setting.ts'

/** Settings for the cells that meet the conditions. */
export type Override = { index: number; conditions: readonly Condition[]; layers: readonly PlacedLayer[] }
/** A setting and the part of the cell that it belongs to. */
export type PlacedLayer = Layer & { section: SectionName }

/** The overrides of a file, in its order. */
export function readOverrides(count: number, context: RuleContext): Override[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    conditions: whenConditions(index, context),
    layers: layersOf(index, context),
  }))
}

function layersOf(index: number, { document, axes, problems }: RuleContext): PlacedLayer[] {
  const set = settingAt(document, ['overrides', index, 'set'], 'override')
  return Object.keys(set.value as object).flatMap((key): PlacedLayer[] => {
    const setting = settingAt(document, [...set.label, key], 'override')
    const meaning = meaningOf(key)
    const covered = axes.find((axis) => axis.key === key || axis.key.startsWith(`${key}.`))
    if (meaning.kind === 'path' && covered === undefined) {
      return [{ section: meaning.section, path: meaning.path, setting }]
    }
    const wrong =
      meaning.kind === 'unknown'
        ? meaning.message
        : covered === undefined
          ? 'names an entry: make it an axis, and exclude what should not run'
          : `would overwrite the axis ${covered.key}: exclude the cells instead`
    problems.add(setting.place([], 'key'), withPath(set.label, `${quote(key)} ${wrong}`))
    return []
  })
}
