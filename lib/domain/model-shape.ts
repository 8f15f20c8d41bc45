/** The sizes of a model that decide how much memory it takes beside its weights. */
export type ModelShape = {
  layers: number
  /** Length of the embedding: what goes from layer to layer for each token. */
  width: number
  /** Of the widest layer; with experts, of all that one token uses. */
  feedForward: number
  heads: number
  /** Numbers that the KV cache keeps for each token of the context, all layers together that see the whole context. */
  kvPerToken: number
  /** Those of the layers that see the last `tokens` only; absent where there are none. */
  sliding?: { kvPerToken: number; tokens: number }
  /** Bytes that each sequence keeps whatever its length (recurrent layers); absent where there are none. */
  stateBytes?: number
  /** Bytes of the matrices by the type of their weights, without the token embeddings: an engine may keep a second copy. */
  matrixBytes: Readonly<Record<string, number>>
}
