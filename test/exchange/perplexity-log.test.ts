import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../lib/domain/user-error.ts'
import { perplexityLog } from '../../lib/exchange/perplexity-log.ts'
import { readPerplexityLog } from '../../lib/exchange/read-perplexity-log.ts'

const folder = 'test/exchange/llama-perplexity'
const logOf = (name: string) => readFileSync(join(folder, name), 'utf8')
const refused = (text: string): string => {
  try {
    perplexityLog(text)
  } catch (error) {
    return (error as Error).message
  }
  return 'taken'
}

test('a run of today: context, chunks, the perplexity up to each of them and the final estimate', () => {
  expect(perplexityLog(logOf('q4_0.log'))).toEqual({
    kind: 'perplexity',
    context: 512,
    chunks: 10,
    cumulative: {
      perplexity: '24.2355,24.5749,23.5999,22.8427,22.6685,20.5419,20.6669,21.4099,22.0629,20.9880'.split(','),
    },
    statistics: { perplexity: { value: '20.9880', error: '1.17416' } },
  })
})

test('both outputs one after the other say the same as together, whichever is first', () => {
  const together = perplexityLog(logOf('f16.log'))
  expect(perplexityLog(logOf('f16.err') + logOf('f16.out'))).toEqual(together)
  expect(perplexityLog(`${logOf('f16.out')}\n${logOf('f16.err')}`)).toEqual(together)
})

test('standard error alone has the estimate and no chunks; standard output alone is no whole log', () => {
  expect(perplexityLog(logOf('f16.err'))).toMatchObject({ chunks: 10, cumulative: {} })
  expect(refused(logOf('f16.out'))).toMatchInlineSnapshot(
    `"has no final estimate ("Final estimate: PPL = ..."): it was broken off, or standard error, where that is printed, is not in it; keep both its outputs in one file: llama-perplexity ... > run.log 2>&1"`,
  )
})

test('--kl-divergence: the table of chunks and all final statistics', () => {
  const { kind, chunks, context, cumulative, statistics } = perplexityLog(logOf('kld-q4_0.log'))
  expect([kind, chunks, context]).toEqual(['kl-divergence', 10, 512])
  expect(Object.entries(cumulative).map(([name, values]) => [name, values?.length, values?.at(-1)])).toEqual([
    ['perplexity', 10, '20.9880'],
    ['ln_ppl_ratio', 10, '0.02092'],
    ['kld', 10, '0.02377'],
    ['top_token_percent', 10, '90.275'],
  ])
  expect(Object.keys(statistics)).toHaveLength(34)
  expect(statistics).toMatchObject({
    perplexity_base: { value: '20.553527', error: '1.158223' },
    correlation_percent: { value: '99.60' },
    ppl_difference: { value: '0.434485', error: '0.105139' },
    kld_mean: { value: '0.023771', error: '0.000569' },
    'kld_p99.9': { value: '0.358524' },
    'kld_p0.1': { value: '0.000012' },
    p_change_percent_mean: { value: '-0.690', error: '0.083' },
    p_change_percent_p75: { value: '0.226' },
    p_change_rms_percent: { value: '4.228', error: '0.201' },
    top_token_percent: { value: '90.275', error: '0.587' },
  })
})

test('a model against itself: errors that rounding made no numbers of are left out', () => {
  const { statistics, cumulative } = perplexityLog(logOf('kld-f16.log'))
  expect(logOf('kld-f16.log')).toContain('-nan')
  expect(statistics['kld_mean']).toEqual({ value: '-0.000001', error: '0.000000' })
  expect(cumulative.kld).toHaveLength(10)
})

test('colours, stamps, carriage returns and garbled signs change nothing', () => {
  expect(perplexityLog(logOf('colours.log'))).toMatchObject({
    context: 128,
    chunks: 9,
    cumulative: { perplexity: { length: 9 } },
  })
  const log = logOf('kld-q4_0.log')
  expect(perplexityLog(log.replaceAll('±', '┬▒').replaceAll('Δ', '╬ö').replaceAll('\n', '\r\n'))).toEqual(
    perplexityLog(log),
  )
})

test('chunks on lines of their own, with what a talkative run writes between', () => {
  const log = logOf('q4_0.log')
  expect(perplexityLog(log.replaceAll(',[', ',\n0.00.100.000 D decode\n['))).toEqual(perplexityLog(log))
})

test('a talkative or older log names model, quantization and build; nothing of a path but its end', () => {
  expect(perplexityLog(logOf('talkative.log'))).toMatchObject({ model: 'demo-q4_0.gguf', quantization: 'Q4_0' })
  const older = `main: build = 4306\nbuild: 4306 (1a31d0dc) with cc (Ubuntu 11.4.0) for aarch64-linux-gnu\nllm_load_print_meta: model ftype      = mostly Q4_1\n`
  expect(perplexityLog(older + logOf('q4_0.log'))).toMatchObject({ build: '4306 1a31d0dc', quantization: 'Q4_1' })
})

test('ik_llama.cpp says its final estimate in other words', () => {
  const log = logOf('q4_0.log').replace('PPL = ', 'PPL over 10 chunks for n_ctx=512 = ')
  expect(perplexityLog(log)).toEqual(perplexityLog(logOf('q4_0.log')))
})

test('a final value that is not that of the chunks is an error; one within its digits is none', () => {
  const log = logOf('q4_0.log')
  expect(refused(log.replace('PPL = 20.9880', 'PPL = 20.9882'))).toMatchInlineSnapshot(
    `"contradicts itself: its final perplexity is 20.9882, and by the last chunk it is 20.988, which no rounding of printed digits explains; the log was changed, or is of several runs"`,
  )
  expect(refused(log.replace('PPL = 20.9880', 'PPL = 20.98797'))).toBe('taken')
  const against = logOf('kld-q4_0.log')
  expect(refused(against.replace('0.023771', '0.023779'))).toContain('its final kld_mean is 0.023779')
  expect(refused(against.replace('1.021139', '1.021145'))).toContain('its final ppl_ratio is 1.021145')
  expect(refused(against.replace('0.434485', '0.434585'))).toContain('its final ppl_difference is 0.434585')
  expect(refused(against.replace('Same top p: 90.275', 'Same top p: 90.277'))).toContain('top_token_percent is 90.277')
})

test('a log that was broken off says after how many chunks', () => {
  const log = logOf('q4_0.log')
  expect(refused(log.slice(0, log.indexOf('[8]')))).toMatchInlineSnapshot(
    `"was broken off: it has 7 of 10 chunks; let llama-perplexity run to its end"`,
  )
  const against = logOf('kld-q4_0.log')
  expect(refused(against.slice(0, against.indexOf('====== Perplexity')))).toContain('lacks the final statistics')
  expect(refused(against.slice(0, against.indexOf('   9      22')))).toContain('8 of 10 chunks')
})

test('several runs in one file cannot be told apart', () => {
  expect(refused(logOf('q4_0.log') + logOf('f16.log'))).toMatchInlineSnapshot(
    `"holds more than one run (it says twice that it begins): cut it into a file for each"`,
  )
  expect(refused(logOf('f16.out') + logOf('f16.out'))).toContain('begin again at 1')
  expect(refused(logOf('q4_0.log') + logOf('kld-q4_0.log'))).toContain('more than one run')
  expect(refused(logOf('q4_0.log').replace('[4]22.8427,', ''))).toContain('chunk 5 stands where chunk 4 should')
})

test('what is no number is an error of the run', () => {
  expect(refused(logOf('q4_0.log').replace('[3]23.5999', '[3]nan'))).toContain('the value of chunk 3 is nan')
  expect(refused(logOf('q4_0.log').replace('PPL = 20.9880', 'PPL = inf'))).toContain('its final perplexity is inf')
  expect(refused(logOf('q4_0.log').replace('[3]23.5999', '[3]0.2'))).toContain('a perplexity of 0.2')
})

test('an older table of chunks is named as what it is', () => {
  const old = `chunk        PPL          ln(PPL(Q)/PPL(base))          KL-Divergence           Same top
   1        3.9734      -0.00651 ±    0.01162       0.01145 ±    0.00153    0.96078 ± 0.01218\n`
  expect(refused(old)).toContain('has 7 numbers in the row of chunk 1, and 10 are read')
})

test('logs of other programs are none', () => {
  const none = '[{"build_commit": "1a31d0dc", "avg_ts": 12.5, "samples_ts": [12.4, 12.6]}]'
  expect(refused(none)).toMatchInlineSnapshot(
    `"is no log of llama-perplexity: neither chunks ("[1]4.12,[2]4.30,") nor a final estimate ("Final estimate: PPL = ...") are in it; keep both its outputs: llama-perplexity ... > run.log 2>&1"`,
  )
  expect(refused('perplexity_v2: tokenizing the input ..\n')).toContain('--ppl-stride')
})

test('what is made to take long takes no time', () => {
  for (const text of [
    '[1]'.repeat(2_000_000),
    '['.repeat(4_000_000),
    `Mean    KLD:${' '.repeat(4_000_000)}x`,
    '1 '.repeat(2_000_000),
  ])
    expect(refused(text)).toContain('is no log')
})

test('files that are empty, binary, folders or larger than any log are refused by name', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchbook-logs-'))
  try {
    const read = async (content: string | Uint8Array | number) => {
      writeFileSync(join(root, 'x.log'), typeof content === 'number' ? '' : content)
      if (typeof content === 'number') truncateSync(join(root, 'x.log'), content)
      return readPerplexityLog('x.log', { cwd: root }).then(
        ({ log, file }) => `${file}: ${log.chunks}`,
        (error: unknown) => (error instanceof UserError ? error.message : String(error)),
      )
    }
    expect(await read('')).toBe('x.log is empty')
    expect(await read(new Uint8Array([71, 71, 85, 70, 0, 1]))).toBe('x.log is a binary file and no log')
    expect(await read(2 ** 30)).toBe('x.log is larger than 64 MiB, which no log of llama-perplexity is')
    expect(await read(Buffer.from(`\ufeff${logOf('q4_0.log')}`, 'utf16le'))).toBe('x.log: 10')
    await expect(readPerplexityLog('.', { cwd: root })).rejects.toThrow('is a folder')
    await expect(readPerplexityLog('none.log', { cwd: root })).rejects.toThrow('is not there')
  } finally {
    rmSync(root, { recursive: true })
  }
})
