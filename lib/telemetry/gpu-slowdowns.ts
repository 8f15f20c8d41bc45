/** The driver's bits that mean that a card computes more slowly than it was told to; a cap on power is its normal state under load. */
const slowdowns = [
  [0x20, 'its temperature (driver)'],
  [0x40, 'its temperature (card)'],
  [0x80, 'its power supply'],
] as const

/** Why GPUs slowed themselves down in any of these moments; `undefined` where they did not. */
export function gpuSlowdown(bits: readonly (number | undefined)[]): string | undefined {
  const all = bits.reduce<number>((sum, each) => sum | (each ?? 0), 0)
  const names = slowdowns.flatMap(([bit, name]) => ((all & bit) === 0 ? [] : [name]))
  return names.length === 0 ? undefined : `a GPU slowed itself down for ${names.join(', ')}`
}
