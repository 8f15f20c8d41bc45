/** A seed of its own for what has a name, from a plan's: FNV-1a over both, a whole number below 2^32. */
export function seedFrom(seed: number, name: string): number {
  let hash = 0x811c9dc5
  for (const character of `${seed} ${name}`) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  return hash >>> 0
}
