import type { Cell, CellConfig } from '../domain/cell.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Manifest } from '../domain/manifest.ts'
import { type Fields, flatFields } from './flat-fields.ts'

/**
 * What a cell was to be measured with. Names of catalogues' entries are left out: what they stand for is compared. Sizes that
 * hardware must have decide whether a cell runs, and not what comes of it.
 */
export function configFacts({ config, artifact }: Cell): Fields {
  const { model, quantization, backend, hardware, workload, load, warmup } = config
  const { target, needs, price } = hardware
  return new Map([
    ...flatFields({ model, quantization }, ''),
    ...flatFields({ ...config.artifact, digest: artifact.digest }, 'artifact'),
    ...flatFields({ ...backend, name: undefined }, 'backend'),
    ...flatFields({ target, accelerator: needs.accelerator, price }, 'hardware'),
    ...askedFacts(workload),
    ...flatFields(load, 'load'),
    ...flatFields(warmup, 'warmup'),
  ])
}

/** Prompts and texts are one fact each, however many there are. */
function askedFacts(workload: CellConfig['workload']): [string, string][] {
  const { name: _, ...settings } = workload
  if ('prompts' in settings) {
    const { prompts, ...rest } = settings
    return [['prompts', canonicalJson(prompts)], ...flatFields(rest, 'workload')]
  }
  if ('text' in settings) {
    const { text, ...rest } = settings
    return [['workload.text', canonicalJson(text)], ...flatFields(rest, 'workload')]
  }
  return [...flatFields(settings, 'workload')]
}

/**
 * What a launch saw of its setup. The tool counts by its measurement version alone, which is raised when measuring itself changes; a
 * server's command says again what its config, its artifact and its program are.
 */
export function manifestFacts({ tool, runtime, host, engine }: Manifest): Fields {
  const { server, ...facts } = engine ?? {}
  const { command: _, ...kept } = server ?? {}
  const { unavailable: __, ...machine } = host
  return new Map([
    ['tool.measurement', String(tool.measurement)],
    ...flatFields(runtime, 'runtime'),
    ...flatFields(machine, 'host'),
    ...flatFields(facts, 'engine'),
    ...flatFields(kept, 'engine.server'),
  ])
}
