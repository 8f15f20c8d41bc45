import type {
  ArtifactIdentity,
  ArtifactSource,
  Prompt,
  RandomType,
  UnquantizedSource,
  WorkloadConfig,
} from '../domain/cell.ts'
import type { QuantizedType } from '../domain/quantized-type.ts'
import { UserError } from '../domain/user-error.ts'
import { quote } from '../parse/quote.ts'
import type { Checked } from '../parse/problem.ts'
import type { Catalogue } from './catalogue.ts'
import type { Names } from './condition.ts'
import { findLabPath, type LabFolders } from './lab-path.ts'
import type { ProblemList } from './problem-list.ts'
import { settingOf, type ResolvedSection } from './resolve-section.ts'
import type { FileReference } from './sections.ts'
import { settingBelow, type Setting } from './setting.ts'

/** A file by the name that messages give it, and where it is. */
export type NamedFile = { file: string; path: string }

/** What an expansion needs of the outside. */
export type SourcePorts = {
  prompts: (file: NamedFile) => Promise<Checked<readonly Prompt[]>>
  text: (file: NamedFile) => Promise<Checked<Prompt>>
  /** `source.path` is as the file has it, and has been found inside the lab or the package. A `UserError` says what is wrong. */
  artifact: (source: ArtifactSource) => Promise<ArtifactIdentity>
}

type Options = { catalogue: Catalogue; folders: LabFolders; ports: SourcePorts; problems: ProblemList }

/** Looks at the files that cells name, each once. `undefined` means that something was wrong; what, is a problem. */
export class Sources {
  readonly #options: Options
  readonly #artifacts = new Map<string, Promise<FoundArtifact | undefined>>()
  readonly #workloads = new Map<ResolvedSection<'workload'>, Promise<WorkloadConfig | undefined>>()
  readonly #files = new Map<string, Promise<unknown>>()

  constructor(options: Options) {
    this.#options = options
  }

  artifact({ model, quantization }: Names): Promise<FoundArtifact | undefined> {
    return once(this.#artifacts, JSON.stringify([model, quantization]), () => this.#findArtifact(model, quantization))
  }

  workload(section: ResolvedSection<'workload'>, name: string): Promise<WorkloadConfig | undefined> {
    return once(this.#workloads, section, () => this.#fillWorkload(section, name))
  }

  async #findArtifact(model: string, quantization: string): Promise<FoundArtifact | undefined> {
    const { catalogue, ports, problems } = this.#options
    const entry = catalogue.models.get(model) as Setting
    const at = settingBelow(entry, ['artifacts', quantization])
    const source = artifactSource(entry.value, quantization)
    const file = source.kind === 'quantize' ? source.from : source
    const origin = source.kind === 'quantize' ? originOf(at.value) : quantization
    const named = settingBelow(entry, ['artifacts', origin, 'path'])
    if (file.kind === 'path' && (await this.#find(file.path, named)) === undefined) return undefined
    try {
      return { source, identity: await ports.artifact(source) }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.addFor(at, error.message)
      return undefined
    }
  }

  async #fillWorkload(section: ResolvedSection<'workload'>, name: string): Promise<WorkloadConfig | undefined> {
    const { value } = section
    const { ports } = this.#options
    switch (value.kind) {
      case 'prefill-decode':
        return { name, ...value }
      case 'completion':
      case 'chat': {
        const prompts =
          'file' in value.prompts ? await this.#read(section, value.prompts, ports.prompts) : value.prompts
        return prompts && { name, ...value, prompts }
      }
      case 'perplexity': {
        const { text, chunks, ...rest } = value
        const read = typeof text === 'string' ? { id: 'text', text } : await this.#read(section, text, ports.text)
        return read && { name, ...rest, text: read, ...(chunks !== undefined && { chunks }) }
      }
    }
  }

  /** The content of a file that a workload names; read once per port. */
  async #read<T>(
    section: ResolvedSection<'workload'>,
    reference: FileReference,
    port: (file: NamedFile) => Promise<Checked<T>>,
  ): Promise<T | undefined> {
    const field = section.value.kind === 'perplexity' ? 'text' : 'prompts'
    const at = settingFor(section, [field, 'file'])
    const path = await this.#find(reference.file, at)
    if (path === undefined) return undefined
    const read = once(this.#files, `${field} ${path}`, () => port({ file: reference.file, path }))
    const checked = (await read) as Checked<T>
    if (checked.status === 'ok') return checked.value
    for (const { place, message } of checked.problems) {
      // What is wrong with a file as a whole is told where it is named.
      if (place.line === undefined) this.#options.problems.addFor(at, `${reference.file} ${message}`)
      else this.#options.problems.add(place, message)
    }
    return undefined
  }

  async #find(path: string, at: Setting): Promise<string | undefined> {
    const found = await findLabPath(path, this.#options.folders)
    if (found.status === 'ok') return found.path
    this.#options.problems.addFor(at, `${quote(path)} ${found.message}`)
    return undefined
  }
}

/** A model's files, as declared and as found. */
export type FoundArtifact = { source: ArtifactSource; identity: ArtifactIdentity }

type ArtifactEntry = {
  path: string
  random?: { parameters: number }
  quantize?: { from: string; to?: QuantizedType }
  served?: string
}

const originOf = (artifact: unknown) => (artifact as { quantize: { from: string } }).quantize.from

/** The source of a quantization that a checked entry of a model declares. */
export function artifactSource(model: unknown, quantization: string): ArtifactSource {
  const { artifacts } = model as { artifacts: Readonly<Record<string, ArtifactEntry>> }
  const { path, random, quantize, served } = artifacts[quantization] as ArtifactEntry
  if (served !== undefined) return { kind: 'served', name: served }
  if (random !== undefined) return { kind: 'random', parameters: random.parameters, type: quantization as RandomType }
  if (quantize === undefined) return { kind: 'path', path }
  const { from, to = quantization as QuantizedType } = quantize
  return { kind: 'quantize', from: artifactSource(model, from) as UnquantizedSource, to }
}

function settingFor(section: ResolvedSection<'workload'>, path: readonly string[]): Setting {
  const { setting, rest } = settingOf(section.layers, path) as { setting: Setting; rest: readonly string[] }
  return settingBelow(setting, rest)
}

function once<K, T>(known: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}
