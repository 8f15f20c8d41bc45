import { fromJSON, type MethodDefinition } from '@grpc/proto-loader'
import { EngineFailure } from '../domain/backend.ts'
import { plain } from '../domain/plain.ts'
import { type Fields, fieldsOf } from './json-fields.ts'
import { type GrpcPackage, grpcPackages } from './grpc-services.ts'

/** A method of a service: its messages as JSON on one side, and as bytes on the other. */
export type GrpcMethod = {
  /** `/package.Service/Method`. */
  path: string
  /** Throws an `EngineFailure` (`request-refused`) where a field is unknown or of another type: protobuf would leave it out. */
  encodeAsk: (json: string) => Buffer
  /** These throw where the bytes are no such message. */
  decodeAsk: (bytes: Buffer) => string
  encodeAnswer: (answer: object) => Buffer
  decodeAnswer: (bytes: Buffer) => string
}

/** What a path means; `undefined` where no service has it. */
export const grpcMethod = (path: string): GrpcMethod | undefined => (methods ??= allMethods()).get(path)

let methods: Map<string, GrpcMethod> | undefined

function allMethods(): Map<string, GrpcMethod> {
  const all = Object.entries(grpcPackages).flatMap(([name, own]) => methodsOf(name, own))
  return new Map(all.map((one) => [one.path, one]))
}

function methodsOf(name: string, own: GrpcPackage): GrpcMethod[] {
  const definitions = fromJSON(descriptorOf(name, own), { longs: Number, enums: String, defaults: false })
  return Object.entries(own.services).flatMap(([service, calls]) => {
    const definition = definitions[`${name}.${service}`] as Readonly<Record<string, MethodDefinition<object, object>>>
    return Object.entries(calls).map(([call, { asks }]) => {
      const made = definition[call] as MethodDefinition<object, object>
      return {
        path: made.path,
        encodeAsk: (json: string) => made.requestSerialize(checked(own, asks, JSON.parse(json))),
        decodeAsk: (bytes: Buffer) => JSON.stringify(made.requestDeserialize(plainly(bytes))),
        encodeAnswer: (answer: object) => made.responseSerialize(answer),
        decodeAnswer: (bytes: Buffer) => JSON.stringify(made.responseDeserialize(plainly(bytes))),
      }
    })
  })
}

// Of a Buffer the library takes a text that ends before its length for a whole one; of plain bytes it does not.
const plainly = ({ buffer, byteOffset, length }: Buffer) => new Uint8Array(buffer, byteOffset, length) as Buffer

/** As protobuf.js has it: `reflection` in JSON. */
function descriptorOf(name: string, { services, messages, enums }: GrpcPackage) {
  const nested = {
    ...mapped(services, (calls) => ({
      methods: mapped(calls, ({ asks, answers, stream = false }) => ({
        requestType: asks,
        responseType: answers,
        responseStream: stream,
      })),
    })),
    ...mapped(messages, (fields) => ({
      fields: mapped(fields, ([type, id]) =>
        type.endsWith('[]') ? { rule: 'repeated', type: type.slice(0, -2), id } : { type, id },
      ),
    })),
    ...mapped(enums, (values) => ({ values: Object.fromEntries(values.map((value, number) => [value, number])) })),
  }
  const within = name.split('.').toReversed()
  return within.reduce<object>((inner, part) => ({ nested: { [part]: inner } }), { nested }) as Parameters<
    typeof fromJSON
  >[0]
}

const mapped = <A, B>(of: Readonly<Record<string, A>>, to: (one: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(of).map(([name, one]) => [name, to(one)]))

function checked(own: GrpcPackage, message: string, value: unknown): object {
  const amiss = amissIn(own, message, value)
  if (amiss === undefined) return value as object
  throw new EngineFailure('request-refused', `the request cannot be put into ${message}: ${plain(amiss)}`)
}

/** The first thing that a message cannot hold, in words. */
function amissIn(own: GrpcPackage, type: string, value: unknown): string | undefined {
  const fields = own.messages[type]
  if (fields === undefined) return isScalar(own, type, value) ? undefined : `${JSON.stringify(value)} is no ${type}`
  const given = fieldsOf(value)
  if (given === undefined) return `${JSON.stringify(value)} is no object`
  return firstOf(given, (name, each) => {
    const [known] = fields[name] ?? []
    if (known === undefined) return `it has ${Object.keys(fields).join(', ')}, and no ${JSON.stringify(name)}`
    const amiss = known.endsWith('[]') ? amissInList(own, known.slice(0, -2), each) : amissIn(own, known, each)
    return amiss === undefined ? undefined : `${name}: ${amiss}`
  })
}

function amissInList(own: GrpcPackage, type: string, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `${JSON.stringify(value)} is no list`
  return value.map((one) => amissIn(own, type, one)).find((amiss) => amiss !== undefined)
}

function firstOf(fields: Fields, of: (name: string, value: unknown) => string | undefined): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const amiss = of(name, value)
    if (amiss !== undefined) return amiss
  }
  return undefined
}

function isScalar({ enums }: GrpcPackage, type: string, value: unknown): boolean {
  if (type === 'string') return typeof value === 'string'
  if (type === 'bool') return typeof value === 'boolean'
  if (enums[type]) return typeof value === 'string' && enums[type].includes(value)
  if (type === 'float' || type === 'double') return typeof value === 'number'
  return Number.isSafeInteger(value) && (value as number) >= (type.startsWith('u') ? 0 : Number.MIN_SAFE_INTEGER)
}
