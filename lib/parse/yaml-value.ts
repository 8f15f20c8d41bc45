import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type ParsedNode, type YAMLMap } from 'yaml'
import type { JsonValue } from '../domain/json.ts'
import { quote } from './quote.ts'

/** What a YAML tree says, aliases followed; `targets` maps each alias to the node that it repeats. */
export type YamlValue = {
  value: JsonValue
  targets: ReadonlyMap<Alias, Node>
  /** Empty where the value may be used. */
  faults: readonly Fault[]
}
export type Fault = { offset: number; message: string }

const mostValues = 200_000
const deepest = 64

type Anchored = { node: Node; value: JsonValue; size: number } | 'open'

/** Thrown to leave the walk: what comes after would only cost time. */
class Bomb extends Error {}

/**
 * Turns a YAML tree into a plain value. yaml's own `toJS` would follow aliases without a place for its complaints, and
 * compares every key with every other one.
 */
export function toValue(root: ParsedNode | null): YamlValue {
  const walk = new Walk()
  try {
    return { value: walk.visit(root, 0).value, targets: walk.targets, faults: walk.faults }
  } catch (error) {
    if (!(error instanceof Bomb)) throw error
    return { value: null, targets: walk.targets, faults: walk.faults }
  }
}

type Sized = { value: JsonValue; size: number }
const nothing: Sized = { value: null, size: 1 }

class Walk {
  readonly faults: Fault[] = []
  readonly targets = new Map<Alias, Node>()
  readonly #anchors = new Map<string, Anchored>()

  visit(node: unknown, depth: number): Sized {
    if (isAlias(node)) return this.#follow(node)
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing
    if (depth > deepest) this.#giveUp(node, `nested more than ${deepest} levels deep`)
    if (node.tag !== undefined) this.#fault(node, `tags like ${node.tag} are not used here: leave it out`)
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, 'open')
    const sized = isScalar(node) ? this.#scalar(node, node.value) : this.#collection(node, depth)
    if (sized.size > mostValues) this.#giveUp(node, `aliases multiply to more than ${mostValues} values: use fewer`)
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { node, ...sized })
    return sized
  }

  #follow(alias: Alias): Sized {
    const anchored = this.#anchors.get(alias.source)
    if (anchored === undefined) {
      this.#fault(alias, `alias *${alias.source} has no anchor &${alias.source} before it`)
      return nothing
    }
    if (anchored === 'open') {
      this.#fault(alias, `alias *${alias.source} contains itself`)
      return nothing
    }
    this.targets.set(alias, anchored.node)
    return anchored
  }

  #scalar(node: Node, value: unknown): Sized {
    if (typeof value === 'number' && !Number.isFinite(value)) this.#fault(node, `${value} is not a number to use here`)
    if (typeof value === 'string') this.#text(node, value)
    const known = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    return known ? { value: value as JsonValue, size: 1 } : nothing
  }

  #text(node: unknown, text: string): void {
    if (text.includes('\0')) this.#fault(node, 'there is a NUL character (\\0): take it out')
    if (!text.isWellFormed()) this.#fault(node, 'half of a character (a lone surrogate): write it whole')
  }

  #collection(node: Node, depth: number): Sized {
    if (isMap(node)) return this.#map(node, depth)
    const items = isSeq(node) ? node.items.map((item) => this.visit(item, depth + 1)) : []
    return { value: items.map(({ value }) => value), size: items.reduce((sum, { size }) => sum + size, 1) }
  }

  #map(node: YAMLMap, depth: number): Sized {
    const value: Record<string, JsonValue> = {}
    let size = 1
    for (const { key, value: below } of node.items) {
      const inner = this.visit(below, depth + 1)
      size += inner.size
      const name = this.#key(key, value)
      if (name !== undefined) value[name] = inner.value
    }
    return { value, size }
  }

  #key(key: unknown, seen: object): string | undefined {
    if (!isScalar(key)) {
      this.#fault(key, 'a key must be text')
      return undefined
    }
    const name = String(key.value)
    this.#text(key, name)
    if (name === '__proto__') this.#fault(key, 'the key "__proto__" is not allowed')
    else if (name === '<<') this.#fault(key, 'merge keys ("<<") are not part of YAML 1.2: write the fields out')
    else if (Object.hasOwn(seen, name)) this.#fault(key, `the key ${quote(name)} is there twice`)
    else return name
    return undefined
  }

  #giveUp(node: Node, message: string): never {
    this.#fault(node, message)
    throw new Bomb(message)
  }

  #fault(node: unknown, message: string): void {
    const offset = (node as Node | null)?.range?.[0] ?? 0
    this.faults.push({ offset, message })
  }
}
