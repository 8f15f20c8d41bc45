// Perplexity and bits per byte of GGUF files on the held-out text, with the same definitions as evaluate.py,
// and each file's distance from the first.
//
// Usage: node evaluate-gguf.mjs TEXT TOKENS_JSON RESULT_JSON GGUF...

import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'

const CONTEXT_LENGTH = 512
const THREADS = 2

/** Negative log-likelihoods, in nats, of the tokens from `first` on, given those before them. */
async function tokenLosses(sequence, tokens, first) {
  await sequence.clearHistory()
  const isScored = (at) => at >= first && at < tokens.length
  const input = tokens.map((token, at) =>
    isScored(at + 1) ? [token, { generateNext: { probabilities: true } }] : token,
  )
  const outputs = await sequence.controlledEvaluate(input)
  return tokens.slice(first).map((token, at) => -Math.log(outputs[first - 1 + at].next.probabilities.get(token)))
}

/** The losses that count for perplexity: those of the second half of each whole chunk. */
async function scoredLosses(sequence, bos, tokens) {
  const losses = []
  for (let start = 0; start + CONTEXT_LENGTH <= tokens.length; start += CONTEXT_LENGTH) {
    const chunk = [bos, ...tokens.slice(start + 1, start + CONTEXT_LENGTH)]
    losses.push(...(await tokenLosses(sequence, chunk, CONTEXT_LENGTH / 2 + 1)))
  }
  return losses
}

/** Perplexity as llama-perplexity has it, and the logarithm of its ratio to that of the base, token by token. */
function perplexity(losses, baseLosses) {
  const loss = meanWithError(losses)
  const value = Math.exp(loss.mean)
  const ratio = meanWithError(losses.map((own, at) => own - baseLosses[at]))
  return {
    perplexity: value,
    perplexityError: value * loss.error,
    logRatio: ratio.mean,
    logRatioError: ratio.error,
  }
}

function meanWithError(values) {
  const mean = sum(values) / values.length
  const variance = sum(values.map((value) => (value - mean) ** 2)) / values.length
  return { mean, error: Math.sqrt(variance / (values.length - 1)) }
}

async function bitsPerByte(sequence, bos, tokens, byteCount) {
  let nats = 0
  for (let start = 1; start < tokens.length; start += CONTEXT_LENGTH - 1) {
    const window = [bos, ...tokens.slice(start, start + CONTEXT_LENGTH - 1)]
    nats += sum(await tokenLosses(sequence, window, 1))
  }
  return nats / Math.LN2 / byteCount
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

function requireSameTokens(file, tokens, expected) {
  const different = expected.findIndex((token, at) => token !== tokens[at])
  if (tokens.length !== expected.length || different >= 0) {
    throw new Error(`${file}: llama.cpp and transformers disagree on the tokens from number ${different} on`)
  }
}

async function measure(llama, file, text, expectedTokens) {
  const model = await llama.loadModel({ modelPath: file })
  const context = await model.createContext({
    contextSize: CONTEXT_LENGTH,
    batchSize: CONTEXT_LENGTH,
    threads: THREADS,
    flashAttention: true,
  })
  const { bos } = model.tokens
  const tokens = [bos, ...model.tokenize(text)]
  requireSameTokens(basename(file), tokens, expectedTokens)
  const sequence = context.getSequence()
  const losses = await scoredLosses(sequence, bos, tokens)
  const bits = await bitsPerByte(sequence, bos, tokens, Buffer.byteLength(text))
  await model.dispose()
  return { losses, bitsPerByte: bits }
}

const [textFile, tokensFile, resultFile, ...files] = process.argv.slice(2)
const text = readFileSync(textFile, 'utf8')
const expectedTokens = JSON.parse(readFileSync(tokensFile, 'utf8'))
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  maxThreads: THREADS,
  logLevel: LlamaLogLevel.error,
})
const results = {}
let baseLosses
for (const file of files) {
  const { losses, bitsPerByte: bits } = await measure(llama, file, text, expectedTokens)
  baseLosses ??= losses
  results[basename(file)] = { ...perplexity(losses, baseLosses), bitsPerByte: bits }
  console.log(`${basename(file)}: ${JSON.stringify(results[basename(file)])}`)
}
writeFileSync(resultFile, JSON.stringify(results))
await llama.dispose()
