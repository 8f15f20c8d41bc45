import { isCount } from './is-count.ts'
import type { SafetensorsTensor } from './read-safetensors.ts'

/** How the weights of a folder were quantized, as its `config.json` says. */
export type SafetensorsQuantization = {
  /** `AWQ`, `GPTQ`, `W4A16` ... */
  name?: string
  /** Bits of each of the weights that are packed into numbers of 32 bits. */
  packedBits?: number
}

/** What lies beside quantized weights and is none: scales, zero points, the shape before packing, the order of groups. */
const besideWeights =
  /\.(?:qzeros|scales|g_idx|weight_g_idx|weight_shape|weight_zero_point|(?:weight|input|output)(?:_global)?_scale)$/
const packedWeights = /\.(?:qweight|weight_packed)$/
const storedBits = 32
const mostBits = 8

/** Reads `quantization_config`; `undefined` where there is none. */
export function safetensorsQuantization(config: unknown): SafetensorsQuantization | undefined {
  if (!isObject(config)) return undefined
  const { quant_method: method, bits } = config
  if (method === 'compressed-tensors') return compressedTensors(config)
  return {
    ...(typeof method === 'string' && /^[\w-]{1,40}$/.test(method) && { name: method.toUpperCase() }),
    ...(isPackable(bits) && { packedBits: bits }),
  }
}

/** How many weights of the model a tensor holds. */
export function parametersIn({ name, elements }: SafetensorsTensor, quantization?: SafetensorsQuantization): number {
  if (quantization === undefined) return elements
  if (besideWeights.test(name)) return 0
  const { packedBits } = quantization
  return packedBits !== undefined && packedWeights.test(name)
    ? Math.round((elements * storedBits) / packedBits)
    : elements
}

/** One or several groups of layers, of which the first speaks for all: `W4A16` says bits of weights and of activations. */
function compressedTensors({ config_groups: groups }: Record<string, unknown>): SafetensorsQuantization {
  const [group] = isObject(groups) ? Object.values(groups) : []
  const weights = bitsOf(group, 'weights')
  if (weights === undefined) return { name: 'COMPRESSED-TENSORS' }
  return { name: `W${weights}A${bitsOf(group, 'input_activations') ?? 16}`, packedBits: weights }
}

function bitsOf(group: unknown, part: string): number | undefined {
  const scheme = isObject(group) ? group[part] : undefined
  const bits = isObject(scheme) ? scheme['num_bits'] : undefined
  return isPackable(bits) ? bits : undefined
}

const isPackable = (bits: unknown): bits is number => isCount(bits) && bits > 0 && bits <= mostBits

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
