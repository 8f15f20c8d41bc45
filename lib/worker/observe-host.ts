import type { Manifest } from '../domain/manifest.ts'
import type { MemorySample } from '../domain/record.ts'
import type { Ns } from '../domain/timeline.ts'
export async function observeHost(origin: Ns): Promise<{ manifest: Omit<Manifest, 'engine'>; sampler: (pid: number) => () => Promise<MemorySample> }> {
  return { manifest: { tool: { version: '0', measurement: 1 }, runtime: { node: '', platform: '', arch: '' }, host: { os: '', cpu: '', cores: 2, memoryBytes: 1, accelerators: [], unavailable: [] }, conditions: { freeMemoryBytes: 1 } }, sampler: () => async () => ({ atUs: Math.round((Number(process.hrtime.bigint()) - origin) / 1000), rssBytes: 1 }) }
}
