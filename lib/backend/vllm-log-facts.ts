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

/**
 * What the first exception says that the log has of one of vLLM's own processes, or its name where it says nothing: ours learns no more
 * than that one failed. One that only says that another process did is no reason.
 */
export function vllmRootCause(log: string): string | undefined {
  const found = log.matchAll(/ ERROR [^\n]*\] (?:\w+\.)*(\w*(?:Error|Exception))(?:: ?([^\n]*))?$/gm)
  const causes = found.map(([, name = '', said = '']) => said.trim() || name)
  return causes.find((cause) => !/root cause/i.test(cause))?.slice(0, 500)
}
