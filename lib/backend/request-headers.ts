import type { Ask, Protocol } from './protocol.ts'

// What gRPC sends of these is its library's business.
/** The headers of a request. */
export const headersWith = (key: string | undefined, { accept, recorded }: Protocol, { headers }: Ask) => ({
  ...(recorded === undefined && { 'content-type': 'application/json', accept }),
  ...headers,
  ...authorizationOf(key),
})

/** What says who asks. */
export const authorizationOf = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` }
