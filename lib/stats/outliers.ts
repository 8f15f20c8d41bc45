import { mean } from './mean.ts'
import { linearQuantile } from './quantile.ts'

const farther = 3.5

/**
 * Which values lie far from the others: a modified z score above 3.5, 0.6745 (x - median) / MAD with the median absolute
 * deviation (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). Where more than half of the values are one,
 * MAD is 0; then the mean absolute deviation takes its place, (x - median) / (1.2533 MeanAD), as in the same book.
 */
export function outliers(values: readonly number[]): boolean[] {
  if (values.length === 0) return []
  const middle = median(values)
  const away = values.map((value) => Math.abs(value - middle))
  const half = median(away)
  const unit = half > 0 ? half / 0.6745 : Math.sqrt(Math.PI / 2) * mean(away)
  return away.map((distance) => distance > farther * unit)
}

const median = (values: readonly number[]) => linearQuantile(Float64Array.from(values).toSorted(), 0.5)
