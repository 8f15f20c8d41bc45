import type { BackendConfig } from '../domain/backend-config.ts'
import {
  type ArtifactIdentity,
  askedName,
  type Cell,
  type CellConfig,
  type HardwareConfig,
  type Limits,
  type LoadConfig,
} from '../domain/cell.ts'
import { attachedUrl } from '../domain/backend-config.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { JsonValue } from '../domain/json.ts'
import { isUnseenModel } from '../domain/unseen-model.ts'
import { armOf } from './arm.ts'
import { cellIdentifier, sha256 } from './cell-id.ts'
import type { Draft } from './draft.ts'
import type { ResolvedSection } from './resolve-section.ts'
import type { Section, SectionName } from './sections.ts'
import type { BackendFiles, Sources } from './sources.ts'

/** Makes cells of drafts. Parts that cells share are one object, so that ten thousand cells cost little more than their ids. */
export class CellAssembler {
  readonly #sources: Sources
  readonly #identify = cellIdentifier()
  readonly #parts = new Map<ResolvedSection<SectionName>, object>()

  readonly #treatment: readonly string[] | undefined

  /** `treatment`: the axes that make the arms, where the file names them. */
  constructor(sources: Sources, treatment?: readonly string[]) {
    this.#sources = sources
    this.#treatment = treatment
  }

  /** `undefined` where a file is missing or wrong, which the sources have told. */
  async assemble({ names, sections }: Draft, axes: Readonly<Record<string, JsonValue>>): Promise<Cell | undefined> {
    const isNamed = attachedUrl(sections.backend.value as BackendConfig) !== undefined
    const artifact = isNamed ? this.#sources.named(names) : await this.#sources.artifact(names)
    const workload = await this.#sources.workload(sections.workload, names.workload)
    const base = await this.#sources.base(sections.workload, names)
    const files = await this.#sources.backend(sections.backend)
    const arrivals = await this.#sources.arrivals(sections.load)
    if (artifact === undefined || workload === undefined || files === undefined || arrivals === undefined)
      return undefined
    if (base === undefined) return undefined
    const config: CellConfig = {
      model: this.#named(sections.model, names.model) as CellConfig['model'],
      quantization: names.quantization,
      artifact: artifact.source,
      backend: this.#named(sections.backend, names.backend, files) as BackendConfig,
      hardware: this.#hardware(sections.hardware, names.hardware),
      workload,
      load: this.#load(sections.load, arrivals),
      warmup: sections.warmup.value,
    }
    const identity = servedBy(artifact.identity, config)
    const held = base === 'none' ? {} : { base: { source: base.source, artifact: base.identity } }
    const id = this.#identify(config, identity.digest, held.base?.artifact.digest)
    const arm = armOf(axes, this.#treatment)
    return { id, axes, ...arm, config, artifact: identity, ...held, limits: this.#limits(sections.limits) }
  }

  #named(section: ResolvedSection<'model' | 'backend'>, name: string, files: BackendFiles = {}): object {
    return this.#once(section, () => ({ name, ...section.value, ...files }))
  }

  #hardware(section: ResolvedSection<'hardware'>, name: string): HardwareConfig {
    const { memory, vram, memoryBandwidth, needs, ...rest } = section.value
    const make = () => ({
      name,
      ...rest,
      needs: needsOf(needs),
      ...sizes({ memory, vram }),
      ...(memoryBandwidth !== undefined && { memoryBytesPerSecond: memoryBandwidth }),
    })
    return this.#once(section, make) as HardwareConfig
  }

  #load(section: ResolvedSection<'load'>, arrivals: readonly number[] | 'none'): LoadConfig {
    const { value } = section
    const make = () => {
      const { duration: durationMs, ...load } = value as { duration?: number }
      const { every: everyMs, ...rest } = load as { every?: number }
      return {
        ...rest,
        ...(everyMs !== undefined && { everyMs }),
        ...(durationMs !== undefined && { durationMs }),
        ...(arrivals !== 'none' && { ...wholeTrace(value, arrivals), arrivalsMs: arrivals }),
      }
    }
    return this.#once(section, make) as LoadConfig
  }

  #limits(section: ResolvedSection<'limits'>): Limits {
    const { load, firstToken, stall, trial, retries } = section.value
    const make = () => ({ loadMs: load, firstTokenMs: firstToken, stallMs: stall, trialMs: trial, retries })
    return this.#once(section, make) as Limits
  }

  #once(section: ResolvedSection<SectionName>, make: () => object): object {
    const part = this.#parts.get(section) ?? make()
    this.#parts.set(section, part)
    return part
  }
}

/** Without another end a trace ends with its last arrival. */
const wholeTrace = (load: Section<'load'>, { length }: readonly number[]) =>
  'requests' in load || 'duration' in load ? {} : { requests: length }

/** Of a server that runs already nothing is known but a name, and the same name at another server may be another model. */
function servedBy(artifact: ArtifactIdentity, config: CellConfig): ArtifactIdentity {
  const { backend } = config
  if (!isUnseenModel(config)) return artifact
  const at = attachedUrl(backend) ?? backend.kind
  const name = askedName(config)
  return { digest: sha256(canonicalJson([name, at])), path: `${name} at ${at}` }
}

function needsOf({ memory, vram, ...needs }: Section<'hardware'>['needs']): HardwareConfig['needs'] {
  return { ...needs, ...sizes({ memory, vram }) }
}

const sizes = ({ memory, vram }: { memory?: number | undefined; vram?: number | undefined }) => ({
  ...(memory !== undefined && { memoryBytes: memory }),
  ...(vram !== undefined && { vramBytes: vram }),
})
