import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { type EngineName, engineProgram, lacksEngine } from './engines.ts'

const answers: readonly [EngineName, string[], RegExp][] = [
  ['vllm', ['--version'], /0\.32\.0/],
  ['vllmPython', ['-c', 'import vllm; print(vllm.LLM.__name__)'], /LLM/],
  ['llamaServer', ['--version'], /version/],
  ['llamaBench', ['--help'], /usage/],
  ['llamaPerplexity', ['--version'], /version/],
  ['transformers', ['version'], /5\.23\.0/],
  [
    'transformersPython',
    ['-c', 'import transformers, compressed_tensors; print(transformers.__version__)'],
    /5\.23\.0/,
  ],
  ['llamaCppPython', ['-c', 'import llama_cpp.server.app; print(llama_cpp.__version__)'], /0\.3\.36/],
]

describe('the engines that setup.sh installs', () => {
  test.for(answers)('%s answers', { timeout: 120_000 }, ([name, options, said], { skip }) => {
    skip(lacksEngine(name), 'it is not installed')
    const { program, env } = engineProgram(name)
    const output = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...options], {
      env: { ...process.env, ...env },
      timeout: 120_000,
    })
    expect(output.toString()).toMatch(said)
  })
})
