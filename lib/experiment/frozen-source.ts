import type { ArtifactSource } from '../domain/cell.ts'
import { checkValue, withPath } from '../parse/check-value.ts'
import { z } from '../parse/schema.ts'
import { artifactSchema } from './schema.ts'

type Fields = Readonly<Record<string, unknown>>

const keysOf = {
  path: ['path'],
  random: ['parameters', 'type'],
  hf: ['repo', 'revision', 'file'],
  ollama: ['name'],
  served: ['name'],
  quantize: ['from', 'to'],
} as const satisfies Record<ArtifactSource['kind'], readonly string[]>
const quantizable: readonly unknown[] = ['path', 'random', 'hf', 'ollama'] satisfies ArtifactSource['kind'][]
const randomTypes: readonly unknown[] = ['f16', 'q8_0', 'q4_0']

/** Where a model's files come from, as a plan is frozen: whatever a file could not have declared is refused. */
export const frozenSourceSchema = z.record(z.string(), z.json()).superRefine((source, context) => {
  const message = whyNone(source)
  if (message !== undefined) context.addIssue({ code: 'custom', message, input: source })
})

function whyNone(source: unknown): string | undefined {
  const fields: Fields = typeof source === 'object' && source !== null ? (source as Fields) : {}
  const { kind, ...rest } = fields
  if (typeof kind !== 'string' || !Object.hasOwn(keysOf, kind)) return 'is no source of a model'
  const known: readonly string[] = keysOf[kind as ArtifactSource['kind']]
  const other = Object.keys(rest).find((key) => !known.includes(key))
  if (other !== undefined) return `has a key that none of kind ${kind} has: ${JSON.stringify(other)}`
  if (kind === 'random' && !randomTypes.includes(rest['type'])) return 'has random weights of no known type'
  const checked = checkValue(artifactSchema, declared(kind as ArtifactSource['kind'], rest))
  if (checked.status === 'failed')
    return checked.findings.map(({ path, message }) => withPath(path, message)).join('; ')
  if (kind !== 'quantize') return undefined
  const { from } = rest as { from?: Fields | null }
  return quantizable.includes(from?.['kind']) ? whyNone(from) : 'is quantized from what cannot be'
}

/** As a file has it; of a quantized one, what it starts from is looked at by itself. */
function declared(kind: ArtifactSource['kind'], { repo, name, ...rest }: Fields): Fields {
  switch (kind) {
    case 'path':
      return rest
    case 'random':
      return { random: { parameters: rest['parameters'] } }
    case 'hf':
      return { hf: repo, ...rest }
    case 'ollama':
      return { ollama: name }
    case 'served':
      return { served: name }
    case 'quantize':
      return { quantize: { from: 'f16', to: rest['to'] } }
  }
}
