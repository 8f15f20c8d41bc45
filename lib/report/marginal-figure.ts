import type { PublishedColumn } from '../domain/published.ts'
import { UserError } from '../domain/user-error.ts'
import { axisOf, shareOf, ticksOf, type ValueAxis } from './axis.ts'
import { besideRules } from './beside-rules.ts'
import type { ChartRow } from './chart.ts'
import { numberCell, textCell, type Figure, type TwinCell } from './figure.ts'
import { type Marginal, marginals, type Priced } from './marginal.ts'
import { fixed, missing, significant } from './numbers.ts'
import type { TableFigure } from './post-figure.ts'
import {
  checkKey,
  columnOf,
  columnTitle,
  computedNote,
  inLanguage,
  keyTitle,
  numbersOf,
  oneOf,
  type Declared,
  type TableAsked,
  withoutNotes,
  withUnit,
} from './table-cells.ts'
import type { Words } from './words.ts'

export type MarginalAsked = TableAsked & Declared<'marginal'>

const width = 420
// Sides are chosen for the narrowest, as what is clear of each other there is so wherever there is more room.
const leastWidth = 240

type Step = Marginal & { step: NonNullable<Marginal['step']> }
type Shown = {
  words: Words
  asked: MarginalAsked
  price: PublishedColumn
  performance: PublishedColumn
  /** One of the column `performance`: `it/s`. */
  unit: string
  decimals: { price: number; performance: number }
  base: Priced
  all: readonly Marginal[]
  steps: readonly Step[]
}

/**
 * What one more unit of performance costs, from each row to the next dearer one that does more, and which rows nobody has to pay
 * for. Throws a `UserError` for what the table does not have.
 */
export function marginalFigure(asked: MarginalAsked, words: Words): TableFigure {
  const { shown, without } = shownOf(asked, words)
  const { unit, base, steps, price } = shown
  const axis = axisOf([...steps.map(({ step }) => step.pricePerUnit), wholePrice(base)])
  const one = { unit, priceUnit: price.unit ?? inLanguage(words, price.title) }
  const reading = [words('published.marginal-reading'), ...withoutNotes(words, without)]
  const subtitle = [
    words('published.marginal-what', one),
    computedNote(words, asked),
    words('published.marginal-base', { base: base.name, unit }),
    ...(axis.scale === 'log' ? [words('published.marginal-log')] : []),
  ]
  return {
    id: asked.id ?? `marginal-${asked.table.name}-${asked.performance}`,
    title: asked.title ?? titleOf(shown),
    subtitle: asked.subtitle ?? subtitle.join('; '),
    reading: `${reading.join('; ')}.`,
    alt: words('published.alt-marginal', {
      ...one,
      steps: steps.map((each) => `${stepName(each)} ${perUnit(shown, each)}`).join(', '),
    }),
    wide: true,
    chart: 'marginal',
    values: { ...valuesOf(shown, axis), xTitle: words('published.marginal-axis', one) },
    twin: twinOf(shown),
  }
}

function valuesOf(shown: Shown, axis: ValueAxis): TableFigure['values'] {
  const { words, base } = shown
  const at = wholePrice(base)
  const mark = words('published.marginal-base-mark', { base: base.name, value: money(shown, at) })
  return {
    rows: shown.all.map((each) => rowOf(shown, each, axis)),
    base: [{ at, text: mark }],
    ...axis,
    ticks: ticksOf(axis),
    width,
    leastWidth,
  }
}

function shownOf(asked: MarginalAsked, words: Words): { shown: Shown; without: string[] } {
  const [price, performance] = [columnOf(asked.table, asked.price), columnOf(asked.table, asked.performance)]
  const [prices, rates] = [numbersOf(asked, asked.price), numbersOf(asked, asked.performance)]
  const items = prices.numbers.flatMap((each) => {
    const rate = rates.numbers.find(({ key }) => key === each.key)
    return rate === undefined ? [] : [{ key: each.key, name: each.label, price: each.value, performance: rate.value }]
  })
  checkKey(asked.table, asked.base)
  const base = items.find(({ key }) => key === asked.base)
  if (base === undefined || base.performance <= 0)
    throw new UserError(
      `marginal prices of the table ${asked.table.name}: the row ${asked.base} needs both ${asked.price} and ${asked.performance}, above zero`,
    )
  const all = marginals(items, base)
  const shown: Shown = {
    words,
    asked,
    price,
    performance,
    unit: oneOf(words, performance),
    decimals: { price: mostDecimals(prices.numbers), performance: mostDecimals(rates.numbers) },
    base,
    all,
    steps: all.filter((each): each is Step => each.step !== undefined),
  }
  return { shown, without: [...prices.without, ...rates.without] }
}

const mostDecimals = (numbers: readonly { decimals: number }[]) =>
  Math.max(0, ...numbers.map(({ decimals }) => decimals))
/** What one unit of performance costs where nothing is bought but this. */
const wholePrice = ({ price, performance }: Priced) => price / performance
const stepName = ({ step, name }: Step) => `${step.from.name} → ${name}`
const money = ({ price }: Shown, value: number) => withUnit(significant(value), price.unit)
const perUnit = (shown: Shown, { step }: Step) => money(shown, step.pricePerUnit)

function rowOf(shown: Shown, each: Marginal, axis: ValueAxis): ChartRow {
  const { words, price, performance, decimals, unit, base } = shown
  const rule = leastWidth * shareOf(axis, wholePrice(base))
  if (each.step === undefined) {
    const beaten = each.dominatedBy
    const text =
      beaten === undefined
        ? words('published.marginal-cheapest')
        : words('published.marginal-beaten', { name: beaten.name })
    const side = rule < leastWidth / 2 ? { align: 'left', dx: 9 } : { align: 'right', dx: -9 }
    return { kind: 'told', label: each.name, value: wholePrice(base), text, tip: `${each.name}\n${text}`, ...side }
  }
  const step: Step = { ...each, step: each.step }
  const text = perUnit(shown, step)
  const more = words('published.marginal-tip', {
    price: withUnit(fixed(step.step.price, decimals.price), price.unit),
    performance: withUnit(fixed(step.step.performance, decimals.performance), performance.unit),
  })
  return {
    kind: 'step',
    label: stepName(step),
    value: step.step.pricePerUnit,
    cheaper: step.step.pricePerUnit <= wholePrice(base),
    text,
    tip: `${stepName(step)}\n${more}\n${text} / ${unit}`,
    ...besideRules(leastWidth * shareOf(axis, step.step.pricePerUnit), text, [rule]),
  }
}

function titleOf(shown: Shown): string {
  const { words, unit, steps, all } = shown
  const sorted = steps.toSorted((a, b) => a.step.pricePerUnit - b.step.pricePerUnit)
  const [cheap, dear] = [sorted[0], sorted.at(-1)]
  if (cheap === undefined || dear === undefined)
    return words('published.marginal-title-none', { name: all[0]?.name ?? '' })
  const least = { from: cheap.step.from.name, to: cheap.name, unit, least: perUnit(shown, cheap) }
  if (cheap === dear) return words('published.marginal-title-one', least)
  const most = { dearFrom: dear.step.from.name, dearTo: dear.name, most: perUnit(shown, dear) }
  return words('published.marginal-title', { ...least, ...most })
}

function headOf({ words, asked, price, performance, unit, base }: Shown): readonly TwinCell[] {
  const extra = (column: PublishedColumn) =>
    numberCell(words('published.marginal-head-price', { what: columnTitle(words, column) }))
  const times = (column: PublishedColumn) =>
    numberCell(words('published.times-base', { what: inLanguage(words, column.title), base: base.name }))
  const priceUnit = price.unit ?? inLanguage(words, price.title)
  return [
    textCell(keyTitle(words, asked.table)),
    numberCell(columnTitle(words, price)),
    numberCell(columnTitle(words, performance)),
    extra(price),
    extra(performance),
    numberCell(words('published.marginal-head-per', { priceUnit, unit })),
    times(price),
    times(performance),
    textCell(words('published.marginal-head-beaten')),
  ]
}

function twinOf(shown: Shown): Figure['twin'] {
  const { decimals, all } = shown
  return {
    head: headOf(shown),
    rows: all.map(({ name, price, performance, step, toBase, dominatedBy }) => [
      textCell(name),
      numberCell(fixed(price, decimals.price)),
      numberCell(fixed(performance, decimals.performance)),
      numberCell(step === undefined ? missing : fixed(step.price, decimals.price)),
      numberCell(step === undefined ? missing : fixed(step.performance, decimals.performance)),
      numberCell(step === undefined ? missing : significant(step.pricePerUnit)),
      numberCell(significant(toBase.priceRatio)),
      numberCell(significant(toBase.performanceRatio)),
      textCell(dominatedBy?.name ?? missing),
    ]),
  }
}
