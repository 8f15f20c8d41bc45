import { quantile } from '../stats/quantile.ts'

/** A range of values that look alike; from light to dark on paper, from dark to light on a dark screen. */
export type HeatClass = { from: number; to: number; colour: string; ink: string }

// Viridis in equal steps of lightness (reports/style.css), each with the ink that can be read on it.
const shades = 7

function shadeOf(index: number, n: number, first = 1): Pick<HeatClass, 'colour' | 'ink'> {
  const steps = shades - first
  const shade = first + (n === 1 ? steps / 2 : Math.round((index * steps) / (n - 1)))
  return { colour: `var(--heat-${shade})`, ink: `var(--on-heat-${shade})` }
}

/** `values` in classes of equal width, by ratio where the largest is 30 times the least or more: for colours of numbers that stand beside them. */
export function evenClasses(values: readonly number[]): HeatClass[] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (least === most) return [{ from: least, to: most, ...shadeOf(0, 1) }]
  const byRatio = least > 0 && most / least >= 30
  const at = (share: number) => (byRatio ? least * (most / least) ** share : least + share * (most - least))
  return Array.from({ length: shades }, (_, index) => ({
    from: at(index / shades),
    to: index === shades - 1 ? most : at((index + 1) / shades),
    ...shadeOf(index, shades),
  }))
}

/** Whole numbers in at most `most` classes of about equally many. */
export function countClasses(counts: readonly number[], most = 5): HeatClass[] {
  const ascending = Float64Array.from(counts).toSorted()
  const ends = Array.from({ length: most }, (_, index) =>
    Math.floor(quantile(ascending, (index + 1) / most) ?? ascending.at(-1) ?? 0),
  )
  const distinct = [...new Set(ascending)]
  const limits = distinct.length <= most ? distinct : [...new Set(ends)]
  return limits.map((to, index) => ({
    from: index === 0 ? (ascending[0] ?? to) : (distinct.find((count) => count > (limits[index - 1] ?? 0)) ?? to),
    to,
    // The first two shades would not be seen as small marks.
    ...shadeOf(index, limits.length, 3),
  }))
}

/** The class of `value`, which is one of those that `classes` were made of. */
export function classOf(classes: readonly HeatClass[], value: number): HeatClass {
  const found = classes.find(({ to }) => value <= to) ?? classes.at(-1)
  if (found === undefined) throw new Error('there are no classes')
  return found
}
