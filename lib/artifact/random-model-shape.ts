/** The sizes of a llama model. */
export type LlamaShape = { width: number; layers: number; heads: number; feedForward: number }

const headWidth = 64
const widthStep = 256
const minLayers = 6
/** The most layers that a model gets for its width, before it is made wider: 1/110 of it. */
const widthPerLayer = 110

/**
 * A llama of about `parameters` weights (5e6 to 1e9) with `vocabulary` tokens, input and output embeddings apart: within
 * 2 %. Rows are multiples of 256 where that is near enough, else of 32, which is what Q8_0 and Q4_0 need.
 */
export function randomModelShape(parameters: number, vocabulary: number): LlamaShape {
  const width = widthFor(parameters)
  const layers = Math.round(layersAt(width, parameters))
  const outside = 2 * vocabulary * width + width
  const attention = 4 * width * width + 2 * width
  const exact = (parameters - outside - layers * attention) / (3 * width * layers)
  const wide = Math.round(exact / 256) * 256
  const error = (3 * width * layers * Math.abs(wide - exact)) / parameters
  return {
    width,
    layers,
    heads: width / headWidth,
    feedForward: error <= 0.01 ? wide : Math.round(exact / 32) * 32,
  }
}

/** Layers of 12 * width^2 weights: four square matrices, and three whose other side is 8/3 of the width. */
const layersAt = (width: number, parameters: number) => parameters / (12 * width * width)

function widthFor(parameters: number): number {
  const wider = (width: number): number => {
    const next = width + widthStep
    return layersAt(next, parameters) < Math.max(minLayers, next / widthPerLayer) ? width : wider(next)
  }
  return wider(widthStep)
}
