import { z } from 'zod'

/** The keys of a map that have keys below them, each with those: `{ sampling: ['temperature', ...] }`. */
export function keysBelow(shape: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const below = Object.entries(shape).map(([key, schema]) => [key, [...new Set(keysOf(schema))]] as const)
  return Object.fromEntries(below.filter(([, keys]) => keys.length > 0))
}

function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(keysOf)
  if (schema instanceof z.ZodPipe) return keysOf(schema.in)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysOf(schema.unwrap())
  return []
}
