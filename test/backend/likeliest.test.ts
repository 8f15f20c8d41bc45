import { expect, test } from 'vitest'
import { likeliestOf, withLikeliest } from '../../lib/backend/likeliest.ts'
import type { ServerLaunch } from '../../lib/domain/backend-config.ts'
import { openAiLaunch, trialOf } from './wire-launch.ts'

const base = { source: { kind: 'path' as const, path: '/b' }, artifact: { digest: 'b', path: '/b' } }
const scoring = (context: number, of: { base?: typeof base } = { base }) =>
  trialOf({ name: 'q', kind: 'perplexity', text: { id: 't', text: 'x' }, context, ...(of.base && { base: 'f16' }) }, of)

function launch(args: ServerLaunch['args'], trials = [scoring(512)], vocabulary?: number) {
  const size = { parameters: 1, tensorBytes: 2, contextLength: 4096 }
  const kind = { format: 'safetensors' as const, architecture: 'llama', chatTemplate: false, randomWeights: false }
  return {
    ...openAiLaunch(''),
    backend: { name: 'v', kind: 'vllm' as const, clientProcesses: 1, salt: false, launch: { args, env: {} } },
    artifact: { digest: 'd', path: '/m', ...(vocabulary && { description: { ...kind, ...size, vocabulary } }) },
    trials,
  }
}

test('a server is started to tell as many as there is room for in the longest window', () => {
  expect(withLikeliest(launch({}))).toEqual(['--max-logprobs', '390'])
  expect(withLikeliest(launch({}, [scoring(512), scoring(2048)]))).toEqual(['--max-logprobs', '97'])
  expect(withLikeliest(launch({}, [scoring(512)], 100))).toEqual(['--max-logprobs', '100'])
})

test('what the file says holds, and where nothing is held against a base nothing is asked', () => {
  for (const args of [{ 'max-logprobs': 50 }, { max_logprobs: 50 }, { 'max-logprobs': '50' }]) {
    expect(likeliestOf(launch(args))).toBe(50)
    expect(withLikeliest(launch(args))).toEqual([])
  }
  expect(likeliestOf(launch({ 'max-logprobs': -1 }))).toBe(390)
  expect(likeliestOf(launch({ 'max-logprobs': 10_000 }))).toBe(390)
  expect(likeliestOf(launch({}, [scoring(512, {})]))).toBe(0)
  expect(withLikeliest(launch({}, [scoring(512, {})]))).toEqual([])
})
