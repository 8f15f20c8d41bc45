import { z } from 'zod'

/** A kind of something and the keys that it may have. */
export type KindKeys = { kind: string; keys: readonly string[] }

type KindSchema = z.ZodObject<{ kind: z.ZodType }>

const unions = new WeakMap<object, readonly KindSchema[]>()

/** One of several maps of keys, by its `kind`. Of a key that only another kind has, a message can then say which. */
export function byKind<const S extends readonly [KindSchema, ...KindSchema[]]>(
  kinds: S,
): z.ZodDiscriminatedUnion<S, 'kind'> {
  for (const each of kinds) unions.set(each, kinds)
  const whatItIs = `must be a map of keys such as { kind: ${nameOf(kinds[0])} }`
  return z.discriminatedUnion('kind', kinds as never, {
    error: ({ input }) => (typeof input === 'object' && input !== null ? undefined : whatItIs),
  })
}

/** Which kind a schema is, and the others that could be in its place; nothing where it is no kind of a `byKind`. */
export function kindsBeside(schema: object): { kind?: string; others?: readonly KindKeys[] } {
  const kinds = unions.get(schema)
  if (kinds === undefined) return {}
  const all = kinds.map((each) => ({ kind: nameOf(each), keys: Object.keys(each.shape), schema: each }))
  const others = all.filter((each) => each.schema !== schema).map(({ kind, keys }) => ({ kind, keys }))
  return { kind: nameOf(schema as KindSchema), others }
}

/** Of a literal, with or without a default. */
function nameOf({ shape }: KindSchema): string {
  const kind = shape.kind instanceof z.ZodDefault ? shape.kind.unwrap() : shape.kind
  return kind instanceof z.ZodLiteral ? String(kind.value) : ''
}
