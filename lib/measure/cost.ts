import type { BoughtPrice, Price } from '../domain/price.ts'

const secondsPerHour = 3600
const hoursPerMonth = (365 / 12) * 24
const million = 1e6

/** Hours in use on an average day, where a price says nothing: all of them, which is the cheapest that a token can be. */
export const usualHoursPerDay = 24

/**
 * US dollars for a million output tokens at a rate of `outputTps` tokens per second; `undefined` for hardware that was bought where
 * nobody says over how many years.
 */
export function usdPerMtok(price: Price, outputTps: number): number | undefined {
  if ('usdPerMtok' in price) return price.usdPerMtok
  const perHour = usdPerHour(price)
  return perHour === undefined ? undefined : perMtok(perHour, outputTps)
}

/** What an hour in use costs: rent, or a part of what it was bought for, and energy. */
function usdPerHour(price: Exclude<Price, { usdPerMtok: number }>): number | undefined {
  if ('usdPerHour' in price) return price.usdPerHour
  const { usd, years, hoursPerDay = usualHoursPerDay } = price
  return years === undefined ? undefined : usd / (years * 365 * hoursPerDay) + energyUsdPerHour(price)
}

const energyUsdPerHour = ({ watts = 0, usdPerKwh = 0 }: BoughtPrice): number => (watts / 1000) * usdPerKwh

const perMtok = (usdOfAnHour: number, outputTps: number): number =>
  (usdOfAnHour / (outputTps * secondsPerHour)) * million

/** What a dollar of the purchase price buys of a metric; `undefined` where nothing was bought. */
export function perUsd(price: Price, value: number): number | undefined {
  return 'usd' in price ? value / price.usd : undefined
}

/** A way to have tokens: its price, and how many it writes each second, where the price does not depend on it. */
export type Offer = { price: Price; outputTps: number }

/** From how much use on one of two offers is cheaper, and the other below. */
export type BreakEven =
  | {
      is: 'at'
      mtokPerMonth: number
      /** That each of the two is in use for then; absent of an API. */
      hoursPerDay: { first?: number; second?: number }
      /** Above it. */
      cheaper: 'first' | 'second'
    }
  | { is: 'never'; cheaper: 'first' | 'second' }
  /** They cost the same, however much they are used. */
  | { is: 'always' }

/**
 * Where two offers cost the same in a month: what was bought costs its part of the price each month, used or not, and energy while
 * in use (`hoursPerDay` of its price has no part in it: how long it is in use is what is asked for); what is rented costs while it
 * is in use; an API by the token. A month has 365 / 12 days. `never` also where one of the two would be in use for more than all
 * hours of it; `undefined` where a price is not spread over years, or nothing is written.
 */
export function breakEven(first: Offer, second: Offer): BreakEven | undefined {
  const [one, other] = [monthly(first), monthly(second)]
  if (one === undefined || other === undefined) return undefined
  const fixed = one.usd - other.usd
  const each = other.usdPerMtok - one.usdPerMtok
  if (fixed === 0 && each === 0) return { is: 'always' }
  const mtokPerMonth = fixed / each
  const isReached = mtokPerMonth > 0 && mtokPerMonth <= Math.min(one.mostMtok, other.mostMtok)
  // Below where they meet, or where they never do: what costs less before it is used, else what costs less in use.
  const below = fixed === 0 ? each > 0 : fixed < 0
  if (!isReached) return { is: 'never', cheaper: below ? 'first' : 'second' }
  const hoursPerDay = { ...hoursOf('first', first, mtokPerMonth), ...hoursOf('second', second, mtokPerMonth) }
  return { is: 'at', mtokPerMonth, hoursPerDay, cheaper: below ? 'second' : 'first' }
}

type Monthly = { usd: number; usdPerMtok: number; mostMtok: number }

function monthly({ price, outputTps }: Offer): Monthly | undefined {
  if ('usdPerMtok' in price) return { usd: 0, usdPerMtok: price.usdPerMtok, mostMtok: Number.POSITIVE_INFINITY }
  if (!(outputTps > 0)) return undefined
  const mostMtok = (outputTps * secondsPerHour * hoursPerMonth) / million
  if ('usdPerHour' in price) return { usd: 0, usdPerMtok: perMtok(price.usdPerHour, outputTps), mostMtok }
  if (price.years === undefined) return undefined
  return { usd: price.usd / (price.years * 12), usdPerMtok: perMtok(energyUsdPerHour(price), outputTps), mostMtok }
}

function hoursOf(which: 'first' | 'second', { price, outputTps }: Offer, mtokPerMonth: number) {
  if ('usdPerMtok' in price) return {}
  return { [which]: (mtokPerMonth * million) / (outputTps * secondsPerHour) / (365 / 12) }
}
