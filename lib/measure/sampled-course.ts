/** A quantity over time, in microseconds. */
export type Course = readonly { atUs: number; value: number }[]
type Stretch = { startUs: number; stopUs: number }

/** Between samples that lie further apart nobody knows what was. */
export const widestGapUs = 2e6

/**
 * The integral over a stretch, in the quantity's unit times seconds, by trapezoids; at its ends between the samples around them, or
 * as the nearest sample has it. `undefined` where there is a gap wider than 2 s.
 */
export function integralOver(course: Course, { startUs, stopUs }: Stretch): number | undefined {
  const [first, last] = [course[0], course.at(-1)]
  if (first === undefined || last === undefined) return undefined
  if (first.atUs - startUs > widestGapUs || stopUs - last.atUs > widestGapUs) return undefined
  const inside = course.filter(({ atUs }) => atUs > startUs && atUs < stopUs)
  const whole = [
    { atUs: startUs, value: valueAt(course, startUs) },
    ...inside,
    { atUs: stopUs, value: valueAt(course, stopUs) },
  ]
  const steps = whole.slice(1).map((to, i) => ({ from: whole[i] as Course[number], to }))
  if (hasGap(course, { startUs, stopUs })) return undefined
  return steps.reduce((sum, { from, to }) => sum + ((to.atUs - from.atUs) * (from.value + to.value)) / 2e6, 0)
}

/** As a straight line between two samples has it; beyond the first and the last, as those. */
export function valueAt(course: Course, atUs: number): number {
  const after = course.findIndex((point) => point.atUs >= atUs)
  const [from, to] = [course[after - 1], course[after]]
  if (to === undefined) return course.at(-1)?.value ?? NaN
  if (from === undefined) return to.value
  return from.value + ((to.value - from.value) * (atUs - from.atUs)) / (to.atUs - from.atUs)
}

/** Between two neighbours of which a part lies in the stretch. */
function hasGap(course: Course, { startUs, stopUs }: Stretch): boolean {
  return course.slice(1).some(({ atUs }, i) => {
    const fromUs = course[i]?.atUs ?? atUs
    return atUs > startUs && fromUs < stopUs && atUs - fromUs > widestGapUs
  })
}
