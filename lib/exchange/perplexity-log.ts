import type { PerplexityLog } from '../domain/imported-log.ts'
import { checkLog } from './check-log.ts'
import { listedChunks, severalRuns, tabledChunks } from './log-chunks.ts'
import { logLines } from './log-lines.ts'
import { LogRefusal } from './log-refusal.ts'
import { logStatistics } from './log-statistics.ts'

/**
 * Reads a log of llama.cpp's `llama-perplexity`, with or without `--kl-divergence`: what it wrote to standard output and standard
 * error, in one file in any order. Final values are held against those of the chunks. Throws a `LogRefusal` for what is no such log,
 * is not whole, holds several runs, or contradicts itself.
 */
export function perplexityLog(text: string): PerplexityLog {
  const lines = logLines(text)
  const run = runOf(lines)
  const statistics = logStatistics(lines)
  const table = tabledChunks(lines)
  const list = listedChunks(lines)
  if (table.perplexity !== undefined && list.perplexity !== undefined)
    throw severalRuns('chunks as a list and as a table of --kl-divergence')
  const isAgainstBase = table.perplexity !== undefined || Object.hasOwn(statistics, 'kld_mean')
  const cumulative = table.perplexity === undefined ? list : table
  const log: PerplexityLog = {
    kind: isAgainstBase || run?.kind === 'kl-divergence' ? 'kl-divergence' : 'perplexity',
    ...aboutOf(lines),
    ...(run && { context: run.context }),
    chunks: run?.chunks ?? cumulative.perplexity?.length ?? 0,
    cumulative,
    statistics,
  }
  if (run === undefined && log.chunks === 0 && Object.keys(statistics).length === 0) throw noLog(lines)
  checkLog(log)
  return log
}

type Run = Required<Pick<PerplexityLog, 'kind' | 'context' | 'chunks'>>

const begun = /(?:calculating perplexity|(kl_divergence): computing) over (\d{1,9}) chunks, n_ctx=(\d{1,9})/

/** What the program says when it begins, on standard error. */
function runOf(lines: readonly string[]): Run | undefined {
  const [found, another] = lines.flatMap((line) => {
    const [match, divergence, chunks, context] = begun.exec(line) ?? []
    if (match === undefined) return []
    const kind = divergence === undefined ? ('perplexity' as const) : ('kl-divergence' as const)
    return [{ kind, chunks: Number(chunks), context: Number(context) }]
  })
  if (another !== undefined) throw severalRuns('it says twice that it begins')
  return found
}

const longestName = 200
const first = (lines: readonly string[], pattern: RegExp): string | undefined => {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1]?.trim()
    if (found !== undefined && found !== '') return found.slice(0, longestName)
  }
  return undefined
}

/** What older and more talkative logs say of build and model. */
function aboutOf(lines: readonly string[]): Pick<PerplexityLog, 'build' | 'model' | 'quantization'> {
  const build = first(lines, /\bbuild(?:_info)?: (?:b?)(\d+[ -]\(?[0-9a-f]{6,40}\)?)/)?.replaceAll(/[()]/g, '')
  const path = first(lines, /llama_model_loader: loaded meta data .{0,200} from (.+?) \(version /)
  const model = path?.split(/[/\\]/).at(-1) ?? first(lines, /general\.name\s+(?:str\s+)?= (.+)$/)
  const quantization = first(lines, /(?:file type\s+=|model ftype\s+=)\s*(.+)$/)?.replace(/^(?:all|mostly) /, '')
  return {
    ...(build !== undefined && { build }),
    ...(model !== undefined && { model }),
    ...(quantization !== undefined && { quantization }),
  }
}

function noLog(lines: readonly string[]): LogRefusal {
  if (lines.some((line) => /perplexity_v2/.test(line)))
    return new LogRefusal(
      'was run with --ppl-stride, whose windows overlap: there are no chunks to compare; run it without',
    )
  return new LogRefusal(
    'is no log of llama-perplexity: neither chunks ("[1]4.12,[2]4.30,") nor a final estimate ("Final estimate: PPL = ...") are in it; keep both its outputs: llama-perplexity ... > run.log 2>&1',
  )
}
