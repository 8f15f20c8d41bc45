/** The driver's bits that mean that a card computes more slowly than it was told to; a cap on power is its normal state under load. */
const slowdowns = [
  { bit: 0x20, name: 'heat-driver', text: 'its temperature (driver)' },
  { bit: 0x40, name: 'heat-card', text: 'its temperature (card)' },
  { bit: 0x80, name: 'power-supply', text: 'its power supply' },
] as const

/** Why a card is slower than it was told to be. */
export type GpuSlowdown = (typeof slowdowns)[number]['name']

/** What the driver's bits of one moment, or of several together, say of it; empty where nothing slows it down. */
export function gpuSlowdowns(bits: number): GpuSlowdown[] {
  return slowdowns.flatMap(({ bit, name }) => ((bits & bit) === 0 ? [] : [name]))
}

/** Why GPUs slowed themselves down in any of these moments; `undefined` where they did not. */
export function gpuSlowdown(bits: readonly (number | undefined)[]): string | undefined {
  const all = bits.reduce<number>((sum, each) => sum | (each ?? 0), 0)
  const texts = slowdowns.flatMap(({ bit, text }) => ((all & bit) === 0 ? [] : [text]))
  return texts.length === 0 ? undefined : `a GPU slowed itself down for ${texts.join(', ')}`
}
