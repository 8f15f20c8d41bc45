import { barScales } from './bars-figure.ts'
import type { ChartRow } from './chart.ts'
import { numberCell, textCell } from './figure.ts'
import { fixed, shownRate } from './numbers.ts'
import type { TableFigure } from './post-figure.ts'
import type { Words } from './words.ts'

type SizedModel = { name: string; parameters: number }
export type BitsSizesAsked = {
  kind: 'bits-sizes'
  id?: string
  title?: string
  subtitle?: string
  models: readonly SizedModel[]
  /** Per weight; shown in this order. */
  bits: readonly number[]
}

const bytesPerGb = 1e9

/** What models take at so many bits per weight: computed, a panel of bars for each. */
export function bitsSizesFigure(asked: BitsSizesAsked, words: Words): TableFigure {
  const { models, bits } = asked
  const many = models.length > 1
  const subtitle = [words('published.sizes-what'), ...(many ? [] : models.map((model) => nameOf(words, model)))]
  const sizes = models.flatMap((model) =>
    bits.map((each) => `${model.name}, ${bitsText(words, each)}: ${gb(model, each)} GB`),
  )
  return {
    id: asked.id ?? 'bits-sizes',
    title: asked.title ?? titleOf(asked, words),
    subtitle: asked.subtitle ?? subtitle.join('; '),
    alt: words('published.alt-sizes', { rows: sizes.join('; ') }),
    wide: true,
    chart: 'published-bars',
    values: {
      rows: models.flatMap((model, order) => rowsOf(asked, words, { model, order })),
      ...barScales(many),
      unit: 'GB',
    },
    twin: {
      head: [
        textCell(words('published.sizes-head')),
        ...models.map((model) => numberCell(`${nameOf(words, model)}, GB`)),
      ],
      rows: bits.map((each) => [textCell(String(each)), ...models.map((model) => numberCell(gb(model, each)))]),
    },
  }
}

function titleOf({ models, bits }: BitsSizesAsked, words: Words): string {
  const largest = models.toSorted((a, b) => b.parameters - a.parameters)[0] ?? { name: '', parameters: 0 }
  const [mostBits, leastBits] = [Math.max(...bits), Math.min(...bits)]
  const ends = { most: gb(largest, mostBits), mostBits, least: gb(largest, leastBits), leastBits }
  return words('published.sizes-title', { name: largest.name, ...ends })
}

function rowsOf(
  { models, bits }: BitsSizesAsked,
  words: Words,
  { model, order }: { model: SizedModel; order: number },
): ChartRow[] {
  const panel = models.length > 1 ? nameOf(words, model) : ''
  return bits.map((each) => {
    const [label, text] = [bitsText(words, each), gb(model, each)]
    const tip = `${model.name}\n${label}: ${text} GB`
    return { panel, order, label, value: sizeGb(model, each), text, colour: 0, strength: 1, tip }
  })
}

const sizeGb = ({ parameters }: SizedModel, bits: number) => (parameters * bits) / 8 / bytesPerGb
const gb = (model: SizedModel, bits: number) => shownRate(sizeGb(model, bits))
const bitsText = (words: Words, bits: number) => words('published.sizes-bits', { bits })
const nameOf = (words: Words, { name, parameters }: SizedModel) =>
  words('published.sizes-parameters', { name, n: shownCount(parameters) })

/** `8.03 B`: thousands of millions as those who name models write them. */
function shownCount(count: number): string {
  if (count >= 1e9) return `${shownRate(count / 1e9)} B`
  return count >= 1e6 ? `${shownRate(count / 1e6)} M` : fixed(count, 0)
}
