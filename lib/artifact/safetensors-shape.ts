import type { ModelShape } from '../domain/model-shape.ts'

/** `config.json` of a model, as a program of strangers wrote it. */
export type ModelConfig = Readonly<Record<string, unknown>>

const mostLayers = 10_000

/** The sizes that memory follows from; `undefined` where `config.json` leaves out layers, width or heads. */
export function configShape(config: ModelConfig, matrixBytes: ModelShape['matrixBytes']): ModelShape | undefined {
  const number = (key: string) => countOf(config[key])
  const [layers, width] = [number('num_hidden_layers'), number('hidden_size')]
  const heads = number('num_attention_heads')
  if (layers === undefined || layers > mostLayers || width === undefined || heads === undefined) return undefined
  const perLayer = (number('num_key_value_heads') ?? heads) * (number('head_dim') ?? width / heads) * 2
  const sliding = slidingLayers(config, layers)
  const window = number('sliding_window')
  const near = window === undefined ? 0 : sliding
  const expert = (number('moe_intermediate_size') ?? 0) * (number('num_experts_per_tok') ?? 0)
  return {
    layers,
    width,
    feedForward: Math.max(number('intermediate_size') ?? 0, expert),
    heads,
    kvPerToken: (layers - near) * perLayer,
    ...(near > 0 && window !== undefined && { sliding: { kvPerToken: near * perLayer, tokens: window } }),
    matrixBytes,
  }
}

/** Only where the layers are listed by kind is it certain which have a window. */
function slidingLayers({ layer_types: types }: ModelConfig, layers: number): number {
  if (!Array.isArray(types)) return 0
  return Math.min(layers, types.filter((type) => type === 'sliding_attention').length)
}

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 40
    ? (value as number)
    : undefined
}
