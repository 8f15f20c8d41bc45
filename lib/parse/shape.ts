import type { z } from 'zod'

/** The schemas of a type's fields: a field that the type gains and the schema lacks is found when types are checked. */
export type Shape<T> = { readonly [K in keyof T]-?: z.ZodType }
