import { expect, test } from 'vitest'
import { vllmLogFacts, vllmRootCause } from '../../lib/backend/vllm-log-facts.ts'

// Lines of vLLM 0.32.
const log = `
(EngineCore pid=1) INFO 11-22 02:56:09 [ompmultiprocessing.py:185] 	local_rank=0, core ids=[0, 1]
(Worker pid=2) INFO 11-22 02:56:30 [compressed_tensors_wNa16.py:109] Using CPUWNA16LinearKernel for CompressedTensorsWNA16
(EngineCore pid=1) INFO 11-22 02:56:33 [kv_cache_utils.py:2327] CPU KV cache size: 524,288 tokens, Maximum concurrency for 1,024 tokens per request: 512.00x
(Worker pid=2) INFO 11-22 02:56:33 [cuda.py:1] Using FLASH_ATTN attention backend out of potential backends: ['FLASH_ATTN']
`

test('what vLLM has chosen is read from its log', () => {
  expect(vllmLogFacts(log)).toEqual({
    threads: 2,
    kvCacheTokens: 524_288,
    linearKernel: 'CPUWNA16LinearKernel',
    attention: 'FLASH_ATTN',
  })
})

test('what its log does not say is left out', () => {
  expect(vllmLogFacts('INFO Loading weights took 0.03 seconds')).toEqual({})
})

test('why a process of its own broke off is the first error in its log', () => {
  const failed = `
(Worker pid=2) ERROR 11-22 03:24:24 [multiproc_executor.py:1063]     raise ValueError(
(Worker pid=2) ERROR 11-22 03:24:24 [multiproc_executor.py:1063] ValueError: Available memory on node 0 is less than requested
(EngineCore pid=1) ERROR 11-22 03:24:24 [core.py:1510] RuntimeError: Worker failed with error 'Available memory'
`
  expect(vllmRootCause(failed)).toBe('Available memory on node 0 is less than requested')
  expect(vllmRootCause(log)).toBeUndefined()
})

const line = (said: string) => `(EngineCore pid=1) ERROR 11-22 03:24:24 [core.py:1510] ${said}\n`

test('that another process failed is no reason, and an exception without words has a name', () => {
  const dead = 'EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.'
  expect(vllmRootCause(line(`vllm.v1.engine.exceptions.${dead}`))).toBeUndefined()
  expect(vllmRootCause(line(dead) + line('torch.OutOfMemoryError: CUDA out of memory'))).toBe('CUDA out of memory')
  expect(vllmRootCause(line('Traceback (most recent call last):') + line('AssertionError'))).toBe('AssertionError')
})
