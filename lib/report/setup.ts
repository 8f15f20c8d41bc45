import type { Manifest } from '../domain/manifest.ts'
import type { Words } from './words.ts'

/** Equal for launches whose machine, engine and definitions of measuring are the same, whichever commit of Benchbook ran them. */
export function setupOf(manifest: Manifest | undefined): string {
  if (manifest === undefined) return ''
  const { host, engine, tool } = manifest
  const { os, cpu, cores, memoryBytes, accelerators, virtualization } = host
  const { name, version, build, accelerator, devices, features, settings } = engine ?? {}
  return JSON.stringify([
    [os, cpu, cores, memoryBytes, accelerators, virtualization],
    [name, version, build, accelerator, devices, features, settings],
    tool.measurement,
  ])
}

/** A setup in a few words; empty where nothing is known of it. */
export function setupMachine(words: Words, manifest: Manifest | undefined): { machine: string; engine: string } {
  if (manifest === undefined) return { machine: '', engine: '' }
  const { host, engine } = manifest
  const accelerators = host.accelerators.map(({ name }) => name)
  const machine = [words('head.host', { n: host.cores, cpu: host.cpu }), ...accelerators].join(', ')
  const build = [engine?.version, engine?.build].filter((part) => part !== undefined && part !== '')
  return { machine, engine: [engine?.name ?? '', ...build].join(' ').trim() }
}
