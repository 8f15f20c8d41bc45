import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { generateRandomModel } from '../../lib/artifact/generate-random-model.ts'
import { randomModel } from '../../lib/artifact/random-model.ts'
import { llamaCpp } from '../../lib/backend/llama-cpp.ts'
import type { LlamaCppConfig } from '../../lib/domain/cell.ts'
import type { LaunchSpec } from '../../lib/domain/launch.ts'
import { monotonicNs as now } from '../../lib/worker/monotonic.ts'
import { backendContract } from '../backend/contract.ts'
import { chatOf, completionOf, openAiLaunch, sampling } from '../backend/wire-launch.ts'

const folder = mkdtempSync(join(tmpdir(), 'benchbook-backends-'))
const path = join(folder, 'model.gguf')
const { bytes, description, digest } = randomModel(5e6, 'f16')
beforeAll(() => generateRandomModel(randomModel(5e6, 'f16'), path))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const prompts = ['Hello', 'tell me a story of a road'].map((text, index) => ({ id: `p${index + 1}`, text }))
const common = { prompts, sampling: { ...sampling, maxTokens: 24 }, output: 'fixed' as const }

const embedded: LaunchSpec<LlamaCppConfig> = {
  ...openAiLaunch(''),
  backend: {
    name: 'llama.cpp',
    kind: 'llama.cpp',
    threads: 1,
    batchSize: 512,
    contextSize: 256,
    flashAttention: true,
    mmap: true,
  },
  source: { kind: 'random', parameters: 5e6, type: 'f16' },
  artifact: { digest, path, bytes, description },
}

backendContract('llama.cpp', {
  start: (origin) => llamaCpp.start(embedded, { now, origin, log: () => {} }),
  completion: completionOf(common),
  chat: chatOf(common),
  impossible: completionOf({ ...common, sampling: { ...common.sampling, maxTokens: 1000 } }),
})
