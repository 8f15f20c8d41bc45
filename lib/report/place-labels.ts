import { textWidth } from './text-width.ts'

/** A mark of a chart that wants its label beside it, in pixels from the upper left of the plot. */
export type Labelled = { x: number; y: number; text: string }
/** Where a label stands from its mark, as Vega's text marks have it; with `shown` false there is no room for it. */
export type LabelPlace = { dx: number; dy: number; align: 'left' | 'center' | 'right'; shown: boolean }
type Box = { left: number; right: number; top: number; bottom: number }
type Placed = { place: LabelPlace; box: Box; cost: number }
type Ground = { marks: readonly Labelled[]; plot: { width: number; height: number }; lines: readonly Box[] }

const fontSize = 12
const lineHeight = 14
const markRadius = 6
const away = markRadius + 3
// A label that is not there is worse than any that crosses a line, and that than one on another side than the right.
const costs = { hidden: 1000, crossed: 10 }

/**
 * Places labels beside their marks so that none covers another or a mark: to the right where there is room, else around it.
 * `obstacles` are points to keep clear of (a line, as points along it). The same for the same marks.
 */
export function placeLabels(
  marks: readonly Labelled[],
  plot: { width: number; height: number },
  obstacles: readonly { x: number; y: number }[] = [],
): LabelPlace[] {
  const ground = { marks, plot, lines: obstacles.map(({ x, y }) => around(x, y, 2)) }
  const tried = orders(marks).map((order) => placedInOrder(order, ground))
  const [best = []] = tried.toSorted((a, b) => total(a) - total(b))
  return best.map(({ place }) => place)
}

/** Who chooses first: nobody knows beforehand which order leaves room for all. */
function orders(marks: readonly Labelled[]): number[][] {
  const crowd = marks.map((mark) => marks.filter((other) => Math.hypot(mark.x - other.x, mark.y - other.y) < 80).length)
  const by = (value: (mark: Labelled, index: number) => number) => {
    const values = marks.map(value)
    return marks.map((_, index) => index).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
  }
  const some = [by((_, index) => -(crowd[index] ?? 0)), by(({ x }) => x), by(({ y }) => y), by(({ x, y }) => x + y)]
  return some.flatMap((order) => [order, order.toReversed()])
}

function placedInOrder(order: readonly number[], ground: Ground): Placed[] {
  const placed = new Map<number, Placed>()
  // Once more, now that the others are there.
  for (const index of [...order, ...order]) {
    placed.delete(index)
    placed.set(index, bestPlace(index, placed, ground))
  }
  return ground.marks.flatMap((_, index) => placed.get(index) ?? [])
}

const total = (placed: readonly Placed[]) => placed.reduce((sum, { cost }) => sum + cost, 0)

function bestPlace(index: number, placed: ReadonlyMap<number, Placed>, { marks, plot, lines }: Ground): Placed {
  const mark = marks[index] ?? { x: 0, y: 0, text: '' }
  const solid = [
    ...marks.flatMap(({ x, y }, at) => (at === index ? [] : [around(x, y, markRadius)])),
    ...[...placed.values()].flatMap(({ place, box }) => (place.shown ? [box] : [])),
  ]
  const tried = candidates().map((place, rank): Placed => {
    const box = boxOf(mark, place)
    const shown = within(box, plot) && !solid.some((other) => overlap(box, other))
    const crossed = lines.some((line) => overlap(box, line))
    return { place: { ...place, shown }, box, cost: rank + (shown ? 0 : costs.hidden) + (crossed ? costs.crossed : 0) }
  })
  const [best] = tried.toSorted((a, b) => a.cost - b.cost)
  if (best === undefined) throw new Error('a label without a place to try')
  return best
}

/** In the order in which they are liked. */
function candidates(): LabelPlace[] {
  const at = (dx: number, dy: number, align: LabelPlace['align']): LabelPlace => ({ dx, dy, align, shown: true })
  const above = away + lineHeight / 2
  return [
    at(away, 0, 'left'),
    at(-away, 0, 'right'),
    at(0, -above, 'center'),
    at(0, above, 'center'),
    ...[10, 16, 24].flatMap((dy) => [
      at(away - 3, -dy, 'left'),
      at(away - 3, dy, 'left'),
      at(-away + 3, -dy, 'right'),
      at(-away + 3, dy, 'right'),
    ]),
  ]
}

function boxOf({ x, y, text }: Labelled, { dx, dy, align }: LabelPlace): Box {
  const width = textWidth(text, fontSize)
  const from = x + dx - (align === 'left' ? 0 : align === 'right' ? width : width / 2)
  return { left: from, right: from + width, top: y + dy - lineHeight / 2, bottom: y + dy + lineHeight / 2 }
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

const overlap = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
/** A label may reach beyond the right end, where nothing else is, but not into the labels of the axes. */
const within = (box: Box, { width, height }: { width: number; height: number }) =>
  box.left >= 2 && box.top >= -lineHeight && box.bottom <= height - 2 && box.right <= width + 40
