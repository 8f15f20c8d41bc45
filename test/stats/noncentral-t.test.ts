import { expect, test } from 'vitest'
import { noncentralTCdf } from '../../lib/stats/noncentral-t.ts'
import { studentTCdf } from '../../lib/stats/student-t.ts'

// scipy 1.17, scipy.stats.nct.cdf.
test.each([
  [2.262157162798205, 9, 3.3053, 0.16394624242791755],
  [1, 1, 0.5, 0.5927477364400293],
  [-2, 5, 1, 0.005896462289842157],
  [3, 2.5, -1, 0.9948227942823045],
  [12.7, 1, 40, 0.00169012628406177],
  [2, 49, 1.5, 0.6844110305629201],
])('P(T <= %f) with %f degrees of freedom and noncentrality %f is %f', (t, degrees, noncentrality, exact) => {
  expect(Math.abs(noncentralTCdf(t, degrees, noncentrality) - exact)).toBeLessThan(1e-9)
})

test("with noncentrality 0 it is Student's, which is computed in another way", () => {
  for (const degrees of [1, 2, 5, 9, 60, 999])
    for (const t of [-4, -1, 0, 0.5, 2.3, 7])
      expect(noncentralTCdf(t, degrees, 0)).toBeCloseTo(studentTCdf(t, degrees), 10)
})
