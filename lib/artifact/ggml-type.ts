/** How ggml stores a tensor: `weights` to a block of `bytes`. */
export type GgmlType = { name: string; weights: number; bytes: number }

/** By the number that a GGUF file writes, as ggml.h numbers them; the gaps are types that ggml has removed. */
const types: Readonly<Record<number, GgmlType>> = {
  0: { name: 'F32', weights: 1, bytes: 4 },
  1: { name: 'F16', weights: 1, bytes: 2 },
  2: { name: 'Q4_0', weights: 32, bytes: 18 },
  3: { name: 'Q4_1', weights: 32, bytes: 20 },
  6: { name: 'Q5_0', weights: 32, bytes: 22 },
  7: { name: 'Q5_1', weights: 32, bytes: 24 },
  8: { name: 'Q8_0', weights: 32, bytes: 34 },
  9: { name: 'Q8_1', weights: 32, bytes: 36 },
  10: { name: 'Q2_K', weights: 256, bytes: 84 },
  11: { name: 'Q3_K', weights: 256, bytes: 110 },
  12: { name: 'Q4_K', weights: 256, bytes: 144 },
  13: { name: 'Q5_K', weights: 256, bytes: 176 },
  14: { name: 'Q6_K', weights: 256, bytes: 210 },
  15: { name: 'Q8_K', weights: 256, bytes: 292 },
  16: { name: 'IQ2_XXS', weights: 256, bytes: 66 },
  17: { name: 'IQ2_XS', weights: 256, bytes: 74 },
  18: { name: 'IQ3_XXS', weights: 256, bytes: 98 },
  19: { name: 'IQ1_S', weights: 256, bytes: 50 },
  20: { name: 'IQ4_NL', weights: 32, bytes: 18 },
  21: { name: 'IQ3_S', weights: 256, bytes: 110 },
  22: { name: 'IQ2_S', weights: 256, bytes: 82 },
  23: { name: 'IQ4_XS', weights: 256, bytes: 136 },
  24: { name: 'I8', weights: 1, bytes: 1 },
  25: { name: 'I16', weights: 1, bytes: 2 },
  26: { name: 'I32', weights: 1, bytes: 4 },
  27: { name: 'I64', weights: 1, bytes: 8 },
  28: { name: 'F64', weights: 1, bytes: 8 },
  29: { name: 'IQ1_M', weights: 256, bytes: 56 },
  30: { name: 'BF16', weights: 1, bytes: 2 },
  34: { name: 'TQ1_0', weights: 256, bytes: 54 },
  35: { name: 'TQ2_0', weights: 256, bytes: 66 },
  39: { name: 'MXFP4', weights: 32, bytes: 17 },
  40: { name: 'NVFP4', weights: 64, bytes: 36 },
  41: { name: 'Q1_0', weights: 128, bytes: 18 },
  42: { name: 'Q2_0', weights: 64, bytes: 18 },
}

/** The type with this number; `undefined` for one that is unknown or removed. */
export function ggmlType(number: number): GgmlType | undefined {
  return types[number]
}
