import { afterEach, expect, test, vi } from 'vitest'
import { vllm } from '../../lib/backend/vllm.ts'
import type { Accelerator } from '../../lib/domain/cell.ts'

afterEach(() => void vi.unstubAllEnvs())

const cacheGiB = (accelerator: Accelerator, ...args: string[]) => {
  const context = { hardware: { needs: { accelerator } }, args } as unknown as Parameters<
    NonNullable<typeof vllm.env>
  >[0]
  return vllm.env?.(context)['VLLM_CPU_KVCACHE_SPACE']
}

test('on a CPU it does not take most of the memory for its KV cache, unless somebody says how much', () => {
  vi.stubEnv('VLLM_CPU_KVCACHE_SPACE', undefined)
  expect(cacheGiB('cpu', '--enforce-eager')).toBe('1')
  expect(cacheGiB('cuda')).toBeUndefined()
  expect(cacheGiB('cpu', '--gpu-memory-utilization', '0.5')).toBeUndefined()
  expect(cacheGiB('cpu', '--kv_cache_memory_bytes=1000')).toBeUndefined()
  vi.stubEnv('VLLM_CPU_KVCACHE_SPACE', '4')
  expect(cacheGiB('cpu')).toBeUndefined()
})
