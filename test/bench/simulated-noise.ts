/** What an engine's launches might do to each other: for each launch of a session, in order, what is added to its logarithm. */
export type Noise = (launches: number, random: () => number) => number[]

/** The share by which launches differ: 2 %. */
export const noisePerLaunch = 0.02

export const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Launches that know nothing of each other. */
export const independent: Noise = (launches, random) =>
  Array.from({ length: launches }, () => noisePerLaunch * normal(random))

/** The machine becomes steadily slower, by 5 % from the first launch to the last. */
export const drifting: Noise = (launches, random) =>
  independent(launches, random).map((value, launch) => value - (0.05 * launch) / (launches - 1))

/** Each launch resembles the one before: an autoregression of first order with coefficient 0.8. */
export const autocorrelated: Noise = (launches, random) => {
  let state = normal(random)
  return Array.from({ length: launches }, () => {
    const now = noisePerLaunch * state
    state = 0.8 * state + 0.6 * normal(random)
    return now
  })
}

/** Now and then one is far out: Student's t with 3 degrees of freedom. */
export const heavyTailed: Noise = (launches, random) =>
  Array.from({ length: launches }, () => {
    const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2
    return (noisePerLaunch * normal(random)) / Math.sqrt(squares / 3)
  })

/** Something comes round every so many launches, up and down by `strength` times the noise of a launch. */
export const swinging =
  (period: number, strength: number): Noise =>
  (launches, random) => {
    const phase = 2 * Math.PI * random()
    return independent(launches, random).map(
      (value, launch) => value + strength * noisePerLaunch * Math.sin((2 * Math.PI * launch) / period + phase),
    )
  }

/** Whichever arm comes first in its block is faster, by as much as launches differ. */
export const firstFaster: Noise = (launches, random) =>
  independent(launches, random).map((value, launch) => (launch % 2 === 0 ? value + noisePerLaunch : value))
