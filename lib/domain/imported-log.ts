/** A number as a program printed it, and its error where it says one: the digits say how exact it is. */
export type Printed = { value: string; error?: string }

/** The series of a log, each over all chunks up to the one it stands at: what llama-perplexity prints while it runs. */
export type ChunkSeries = 'perplexity' | 'ln_ppl_ratio' | 'kld' | 'top_token_percent'

/** What a log of `llama-perplexity` says. Everything is as printed; its texts are hostile. */
export type PerplexityLog = {
  /** `kl-divergence`: held against the probabilities of a base. */
  kind: 'perplexity' | 'kl-divergence'
  build?: string
  /** The last part of the model's path, or its name: only logs of older or more talkative runs have it. */
  model?: string
  quantization?: string
  /** Tokens of a chunk, of which the second half is scored. */
  context?: number
  chunks: number
  /** An entry per chunk; empty where the log has none, as where only standard error was kept. */
  cumulative: Readonly<Partial<Record<ChunkSeries, readonly string[]>>>
  /** The results at the end by a name of ours: `perplexity`, `kld_mean`, `kld_p99.9`, `p_change_rms`, ... */
  statistics: Readonly<Record<string, Printed>>
}

/** A log that was imported: measured by llama-perplexity and never by us. */
export type ImportedLog = PerplexityLog & {
  /** The first 12 hex digits of `digest`. */
  id: string
  /** SHA-256 of the file. */
  digest: string
  /** Its name, without its folder. */
  file: string
  importedAtMs: number
  /** SHA-256 of the scored text, where the user named its file. */
  textDigest?: string
}

/** How a command line names an import. */
export const importPrefix = 'import:'
export const isImportName = (what: string): boolean => what.startsWith(importPrefix)
