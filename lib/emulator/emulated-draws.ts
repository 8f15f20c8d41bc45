import { randomSequence } from '../domain/seeded.ts'

const forText = 0x85ebca6b

/** The seed of a request's draws: of its number alone, so that they are equal whatever runs beside it. */
function requestSeed(seed: number, number: number): number {
  let mixed = Math.imul((seed ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0, 0x85ebca77)
  mixed ^= mixed >>> 15
  return Math.imul(mixed, 0xc2b2ae3d) >>> 0
}

/** The seed of a request's text. */
export const textSeed = (seed: number, number: number): number => (requestSeed(seed, number) ^ forText) >>> 0

/**
 * What each of a request's times is multiplied by, one call per token: log-normal with mean 1 and this coefficient of
 * variation (sigma^2 = ln(1 + cv^2), mu = -sigma^2 / 2). Normal draws by Box and Muller, two uniform ones for each.
 */
export function jitterFactors(seed: number, number: number, jitter: number): () => number {
  if (jitter === 0) return () => 1
  const random = randomSequence(requestSeed(seed, number))
  const variance = Math.log1p(jitter * jitter)
  const sigma = Math.sqrt(variance)
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()) - variance / 2)
  }
}
