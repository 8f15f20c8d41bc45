import { separatesArms } from '../domain/axis.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { JsonValue } from '../domain/json.ts'
import { didYouMean } from '../domain/nearest.ts'
import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import { freezeCompare } from '../experiment/freeze-compare.ts'
import { type Arms, treatmentOf } from '../verdict/arm-pairs.ts'

type Values = Readonly<Record<string, JsonValue>>
type Of = Pick<Plan, 'cells' | 'compare'>

const mostNamed = 12
const fewestOfId = 6

/**
 * The pairs of arms that two words mean: `fp16 awq` (values that one axis has), `quantization=fp16 quantization=awq` (of several axes with
 * commas between), or the beginnings of two cells' ids. Axes of the treatment that are not named are the same on both sides, so that there
 * may be several pairs. Throws a `UserError` with what is wrong, and what there is.
 */
export function askedArms(plan: Of, words: readonly string[]): Arms[] {
  const [base, against, more] = words
  if (base === undefined || against === undefined || more !== undefined)
    throw new UserError(
      `--arms takes two, the first is what the second is held against, such as --arms fp16 awq; got ${words.length}`,
    )
  const sides = { base: armMeant(plan, base), against: armMeant(plan, against) }
  const [a, b] = [sides.base, sides.against].map((values) => Object.keys(values).toSorted().join(', '))
  if (a !== b) throw wrong(`${plain(base)} ${plain(against)}`, `one names ${a}, the other ${b}: name the same axes`)
  if (canonicalJson(sides.base) === canonicalJson(sides.against))
    throw wrong(`${plain(base)} ${plain(against)}`, 'both are one arm; what an arm does against itself is repeat.aa')
  const { pairs } = freezeCompare({ treatment: treatmentOf(plan), pairs: [sides] }, plan.cells)
  if (pairs.length === 0) throw wrong(`${plain(base)} ${plain(against)}`, 'they have no other settings in common')
  return [...pairs]
}

const wrong = (text: string, why: string) => new UserError(`--arms ${text}: ${why}`)

/** The values of axes of the treatment that a word means. */
function armMeant(plan: Of, word: string): Values {
  if (word.includes('=')) {
    const parts = word.split(/,(?=[\w.]+=)/).map((part) => namedValue(plan, word, part))
    return Object.fromEntries(parts)
  }
  const ofCell = plan.cells.filter(
    ({ id }) => /^[\da-f]+$/.test(word) && word.length >= fewestOfId && id.startsWith(word),
  )
  const [cell] = ofCell
  const treatment = treatmentOf(plan)
  if (cell !== undefined && ofCell.length === 1)
    return Object.fromEntries(treatment.flatMap((axis) => (axis in cell.axes ? [[axis, cell.axes[axis] ?? null]] : [])))
  return lonelyValue(plan, word)
}

/** `quantization=awq`; an axis goes by its last part, too. */
function namedValue(plan: Of, word: string, part: string): [string, JsonValue] {
  const at = part.indexOf('=')
  const [name, text] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
  const axes = axesOf(plan)
  const found = axes.includes(name) ? [name] : axes.filter((axis) => axis.endsWith(`.${name}`))
  const [axis] = found
  if (axis === undefined || found.length > 1)
    throw wrong(
      plain(word),
      `there is no axis "${plain(name)}"${didYouMean(name, axes) || `; axes here: ${axes.join(', ')}`}`,
    )
  requireTreatment(plan, word, axis)
  const values = valuesOf(plan, axis)
  const value = values.find((each) => textOf(each) === text)
  if (value === undefined) throw wrong(plain(word), `${axis} has no such value${hint(text, values)}`)
  return [axis, value]
}

function requireTreatment(plan: Of, word: string, axis: string): void {
  if (!separatesArms(axis)) throw wrong(plain(word), `${axis} says what is asked or when, which makes no arms`)
  const treatment = treatmentOf(plan)
  if (treatment.includes(axis)) return
  throw wrong(
    plain(word),
    `${axis} is no treatment of this plan, so that its values never shared a block; the treatment is ${treatment.join(', ')}. For a verdict declare it: compare: { treatment: [${axis}] }`,
  )
}

/** A value that stands for itself. */
function lonelyValue(plan: Of, word: string): Values {
  const treatment = treatmentOf(plan)
  const axes = treatment.filter((axis) => valuesOf(plan, axis).some((value) => textOf(value) === word))
  const [axis] = axes
  if (axis === undefined) {
    const other = axesOf(plan).find((each) => valuesOf(plan, each).some((value) => textOf(value) === word))
    if (other !== undefined) requireTreatment(plan, word, other)
    const values = treatment.flatMap((each) => valuesOf(plan, each))
    throw wrong(plain(word), `no arm has such a value${hint(word, values)}`)
  }
  if (axes.length > 1)
    throw wrong(plain(word), `it is a value of ${axes.join(' and of ')}: say which, as in ${axis}=${plain(word)}`)
  return { [axis]: valuesOf(plan, axis).find((value) => textOf(value) === word) ?? null }
}

const axesOf = ({ cells }: Of) => [...new Set(cells.flatMap(({ axes }) => Object.keys(axes)))]

function valuesOf({ cells }: Of, axis: string): JsonValue[] {
  const values = cells.flatMap(({ axes }) => (axis in axes ? [axes[axis] ?? null] : []))
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()]
}

const textOf = (value: JsonValue) => (typeof value === 'string' ? value : JSON.stringify(value))

function hint(text: string, values: readonly JsonValue[]): string {
  const texts = [...new Set(values.map(textOf))]
  return didYouMean(text, texts) || `; there is ${texts.slice(0, mostNamed).map(plain).join(', ') || 'none'}`
}
