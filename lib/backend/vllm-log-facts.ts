/** What vLLM prints of what it has chosen, and says nowhere else. */
type VllmLogFacts = { threads?: number; kvCacheTokens?: number; linearKernel?: string; attention?: string }

/** Of the log of one start; a line that is not there is left out. Cores are those of the first of its workers. */
export function vllmLogFacts(log: string): VllmLogFacts {
  const first = (pattern: RegExp) => pattern.exec(log)?.[1]
  const cores = first(/local_rank=0, core ids=\[([\d, ]+)\]/)
  const tokens = first(/KV cache size: ([\d,]+) tokens/)
  const kernel = first(/\bUsing (\w*LinearKernel)\b/)
  const attention = first(/Using (?:AttentionBackendEnum\.)?(\w+) (?:attention )?backend\b/)
  return {
    ...(cores !== undefined && { threads: cores.split(',').length }),
    ...(tokens !== undefined && { kvCacheTokens: Number(tokens.replaceAll(',', '')) }),
    ...(kernel !== undefined && { linearKernel: kernel }),
    ...(attention !== undefined && { attention }),
  }
}

/** Where one of vLLM's own processes breaks off, ours learns no more than that: the first error that the log has is the reason. */
export const vllmRootCause = (log: string): string | undefined =>
  / ERROR [^\n]*\] \w*(?:Error|Exception): (\S[^\n]*)/.exec(log)?.[1]?.slice(0, 500)
