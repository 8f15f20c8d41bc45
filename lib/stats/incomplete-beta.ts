const precision = 1e-16
const tiny = 1e-300

/** ln Γ(x) for x > 0: Lanczos' approximation with g = 7 and nine terms (Godfrey 2001), good to 15 digits. */
function logGamma(x: number): number {
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const base = x + 6.5
  const series = terms.reduce((sum, term, i) => sum + term / (x - 1 + i))
  return (x - 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * series)
}

/**
 * The regularised incomplete beta function I_x(a, b), with 1 - x given beside x so that neither loses digits: the continued
 * fraction 8.17.22 of the Digital Library of Mathematical Functions, by Lentz's method.
 */
export function incompleteBeta(x: number, complement: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (complement <= 0) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(complement, x, b, a)
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement)
  return Math.exp(front) / (a * continuedFraction(x, a, b))
}

function continuedFraction(x: number, a: number, b: number): number {
  let fraction = 1
  let c = 1
  let d = 0
  for (let i = 1; ; i += 1) {
    const term = coefficient(i, a, b) * x
    d = 1 / away(1 + term * d)
    c = away(1 + term / c)
    const step = c * d
    fraction *= step
    if (Math.abs(step - 1) < precision || i > 100_000) return fraction
  }
}

// d_(2m+1) and d_2m of 8.17.23
function coefficient(i: number, a: number, b: number): number {
  const m = i >> 1
  return i % 2 === 1
    ? (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1))
    : (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m))
}

const away = (value: number) => (Math.abs(value) < tiny ? tiny : value)
