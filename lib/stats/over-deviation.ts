/** So far below its peak, in logarithms, a density counts for nothing. */
const negligible = 45
const steps = 4000

/**
 * The expectation of `f(S)` where S is a sample's standard deviation over the true one: degrees * S^2 has a chi-square
 * distribution with so many `degrees` of freedom (1 or more). Integrated over ln S, where the density falls off on both sides
 * faster than any power, by the trapezoidal rule, which is then good to the digits of `f` itself if that is smooth.
 */
export function meanOverDeviation(degrees: number, f: (deviation: number) => number): number {
  const fall = (x: number) => degrees * (Math.expm1(2 * x) / 2 - x)
  const from = -reach((x) => fall(-x))
  const to = reach(fall)
  let sum = 0
  let weights = 0
  for (let step = 0; step <= steps; step += 1) {
    const x = from + ((to - from) * step) / steps
    const weight = Math.exp(-fall(x))
    weights += weight
    sum += weight * f(Math.exp(x))
  }
  return sum / weights
}

/** How far from 0 a function that rises from there is no longer negligible: a little more than needed. */
function reach(rising: (x: number) => number): number {
  let x = 1e-3
  while (rising(x) < negligible) x *= 1.1
  return x
}
