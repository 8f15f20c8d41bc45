import { mean } from './mean.ts'
import { studentTQuantile } from './student-t.ts'

export type SlopeInterval = { slope: number; low: number; high: number; n: number }

/**
 * The slope of the straight line of least squares through `points` (x, y), with its two-sided interval by Student's t with n - 2 degrees
 * of freedom: Draper and Smith, "Applied Regression Analysis", section 1.4. `confidence` is a share, as 0.95. `undefined` for fewer than
 * three points, or where all are at one x.
 */
export function slopeInterval(
  points: readonly (readonly [x: number, y: number])[],
  confidence: number,
): SlopeInterval | undefined {
  const n = points.length
  if (n < 3) return undefined
  const [middleX, middleY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const spread = sum(points.map(([x]) => (x - middleX) ** 2))
  if (spread === 0) return undefined
  const slope = sum(points.map(([x, y]) => (x - middleX) * (y - middleY))) / spread
  const rest = sum(points.map(([x, y]) => (y - middleY - slope * (x - middleX)) ** 2))
  const half = studentTQuantile((1 + confidence) / 2, n - 2) * Math.sqrt(rest / (n - 2) / spread)
  return { slope, low: slope - half, high: slope + half, n }
}

const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0)
