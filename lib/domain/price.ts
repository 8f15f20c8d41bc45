/** What using hardware costs, in US dollars, and where that was read. */
export type Price = RentedPrice | BoughtPrice | TokenPrice

/** By the hour, whatever is done in it. */
export type RentedPrice = { usdPerHour: number; source: string }

export type BoughtPrice = {
  usd: number
  /** Over which the price is spread; without it only what a dollar buys is known, and not what a token costs. */
  years?: number
  /** In use on an average day; 24 where it is not said. */
  hoursPerDay?: number
  /** Drawn while in use; what it draws otherwise is not counted. Known where `usdPerKwh` is, and only there. */
  watts?: number
  usdPerKwh?: number
  source: string
}

/** By the list of an API: for a million output tokens, however fast they come. */
export type TokenPrice = { usdPerMtok: number; source: string }
