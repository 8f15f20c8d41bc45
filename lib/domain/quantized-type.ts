/**
 * The formats that a model can be quantized to, with their bits per weight as llama-quantize names them for a model of 8
 * billion weights (a small one holds more of its weights in the larger types). Those that need an importance matrix are not here.
 */
export const quantizedBits = {
  q2_k: 3.16,
  q3_k_s: 3.64,
  iq3_s: 3.66,
  iq3_m: 3.76,
  q3_k_m: 4.0,
  q3_k_l: 4.3,
  iq4_xs: 4.46,
  q4_0: 4.66,
  iq4_nl: 4.68,
  q4_k_s: 4.67,
  q4_k_m: 4.89,
  q4_1: 5.1,
  q5_0: 5.59,
  q5_k_s: 5.57,
  q5_k_m: 5.7,
  q5_1: 6.05,
  q6_k: 6.56,
  q8_0: 8.5,
} as const

export type QuantizedType = keyof typeof quantizedBits

export const quantizedTypes = Object.keys(quantizedBits) as readonly QuantizedType[]

/** Formats that llama.cpp makes only with an importance matrix, which is computed from a text and is not supported here. */
export const imatrixTypes: readonly string[] = [
  'iq1_s',
  'iq1_m',
  'iq2_xxs',
  'iq2_xs',
  'iq2_s',
  'iq2_m',
  'q2_k_s',
  'iq3_xxs',
]

/** Whether a name is that of a format to quantize to. */
export function isQuantizedType(name: string): name is QuantizedType {
  return Object.hasOwn(quantizedBits, name)
}
