import type { MemorySample } from '../domain/record.ts'

/** What a sample holds beside its time, by its column. */
export const telemetryColumns = {
  rss_bytes: 'rssBytes',
  pss_bytes: 'pssBytes',
  vram_bytes: 'vramBytes',
  other_cores: 'otherCores',
  anon_bytes: 'anonBytes',
  file_bytes: 'fileBytes',
  pss_anon_bytes: 'pssAnonBytes',
  pss_file_bytes: 'pssFileBytes',
  cpu_seconds: 'cpuSeconds',
  processes: 'processes',
  gpu_used_bytes: 'gpuUsedBytes',
  gpu_reserved_bytes: 'gpuReservedBytes',
  gpu_power_w: 'gpuPowerW',
  gpu_utilization: 'gpuUtilization',
  gpu_celsius: 'gpuCelsius',
  gpu_sm_mhz: 'gpuSmMhz',
  gpu_slowdowns: 'gpuSlowdowns',
} as const satisfies Record<string, keyof MemorySample>

/** In the order of their columns. */
export const sampledFields = Object.values(telemetryColumns)
