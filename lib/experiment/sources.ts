import type { ArtifactIdentity, ArtifactSource, Prompt, WorkloadConfig } from '../domain/cell.ts'
import { wordsName, type ReadTokenizer, type Tokenizer } from '../domain/tokenizer.ts'
import { UserError } from '../domain/user-error.ts'
import { quote } from '../parse/quote.ts'
import type { Checked } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { artifactSource } from './artifact-source.ts'
import type { Catalogue } from './catalogue.ts'
import type { Names } from './condition.ts'
import { findLabPath, whyNoProgram, type LabFolders } from './lab-path.ts'
import type { ProblemList } from './problem-list.ts'
import type { FilePrompts, MadePrompts } from './prompts-schema.ts'
import { settingOf, type ResolvedSection } from './resolve-section.ts'
import { settingBelow, type Setting, valueAt } from './setting.ts'

/** A file by the name that messages give it, and where it is. */
export type NamedFile = { file: string; path: string }

/** What an expansion needs of the outside. */
export type SourcePorts = {
  prompts: (file: NamedFile & Omit<FilePrompts, 'file'>) => Promise<Checked<readonly Prompt[]>>
  /** Prompts of stated lengths as a tokenizer counts them; without one, in words. */
  madePrompts: (recipe: MadePrompts, tokenizer?: Tokenizer) => MadeResult
  tokenizer: (file: NamedFile) => Promise<Checked<ReadTokenizer>>
  text: (file: NamedFile) => Promise<Checked<Prompt>>
  /** When requests arrived: milliseconds from the first, sorted. */
  trace: (file: NamedFile) => Promise<Checked<readonly number[]>>
  /** `source.path` is as the file has it, and has been found inside the lab or the package. A `UserError` says what is wrong. */
  artifact: (source: ArtifactSource) => Promise<ArtifactIdentity>
}

export type MadeResult = { status: 'ok'; value: readonly Prompt[] } | { status: 'failed'; message: string }

type Options = { catalogue: Catalogue; folders: LabFolders; ports: SourcePorts; problems: ProblemList }

/** Looks at the files that cells name, each once. `undefined` means that something was wrong; what, is a problem. */
export class Sources {
  readonly #options: Options
  readonly #artifacts = new Map<string, Promise<FoundArtifact | undefined>>()
  readonly #workloads = new Map<ResolvedSection<'workload'>, Promise<WorkloadConfig | undefined>>()
  readonly #backends = new Map<ResolvedSection<'backend'>, Promise<BackendFiles | undefined>>()
  readonly #made = new Map<string, Promise<readonly Prompt[] | undefined>>()
  readonly #files = new Map<string, Promise<unknown>>()

  constructor(options: Options) {
    this.#options = options
  }

  artifact({ model, quantization }: Pick<Names, 'model' | 'quantization'>): Promise<FoundArtifact | undefined> {
    return once(this.#artifacts, JSON.stringify([model, quantization]), () => this.#findArtifact(model, quantization))
  }

  /** What a server that runs already is asked for: nothing of it has to be here. */
  named({ model, quantization }: Names): FoundArtifact {
    const entry = this.#options.catalogue.models.get(model) as Setting
    return { source: artifactSource(entry.value, quantization), identity: { digest: '', path: model } }
  }

  /** The base of a perplexity workload; `none` where it names none. */
  async base(section: ResolvedSection<'workload'>, { model }: Names): Promise<FoundArtifact | 'none' | undefined> {
    const { value } = section
    if (value.kind !== 'perplexity' || value.base === undefined) return 'none'
    const { catalogue, problems } = this.#options
    const { base } = value
    const known = Object.keys(valueAt((catalogue.models.get(model) as Setting).value, ['artifacts']) ?? {})
    if (known.includes(base)) return this.artifact({ model, quantization: base })
    const has = known.length === 0 ? 'no artifacts' : known.join(', ')
    const message = `model ${quote(model)} has no ${quote(base)} to be the base: it has ${has}; name one of these`
    problems.addFor(settingFor(section, ['base']), `${message}, or add it to the model's artifacts`)
    return undefined
  }

  workload(section: ResolvedSection<'workload'>, name: string): Promise<WorkloadConfig | undefined> {
    return once(this.#workloads, section, () => this.#fillWorkload(section, name))
  }

  /** The files of a backend's settings, as far as they are part of what is measured. */
  backend(section: ResolvedSection<'backend'>): Promise<BackendFiles | undefined> {
    return once(this.#backends, section, () => this.#backendFiles(section))
  }

  async #backendFiles(section: ResolvedSection<'backend'>): Promise<BackendFiles | undefined> {
    const { value } = section
    const outside = 'program' in value ? whyNoProgram(value.program, this.#options.folders) : undefined
    if (outside !== undefined) this.#options.problems.addFor(settingFor(section, ['program']), outside)
    if (!('clientProcesses' in value)) return {}
    const read = <T>(key: string, name: string | undefined, port: (file: NamedFile) => Promise<Checked<T>>) =>
      name === undefined ? { digest: undefined } : this.#read(settingFor(section, [key]), name, port, key)
    const { tokenizer: name } = value
    const tokenizer = await read('tokenizer', name === wordsName ? undefined : name, this.#options.ports.tokenizer)
    const trusted = await read('caFile', 'caFile' in value ? value.caFile : undefined, (file) =>
      readSource({ ...file, maxBytes: maxCertificateBytes }),
    )
    if (tokenizer === undefined || trusted === undefined) return undefined
    return tokenizer.digest === undefined ? {} : { tokenizerDigest: tokenizer.digest }
  }

  /** What a trace has recorded; `none` where a load has no trace. */
  async arrivals(section: ResolvedSection<'load'>): Promise<readonly number[] | 'none' | undefined> {
    if (section.value.kind !== 'trace') return 'none'
    return this.#read(settingFor(section, ['file']), section.value.file, this.#options.ports.trace, 'trace')
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
        const prompts = await this.#prompts(section, value.prompts)
        return prompts && { name, ...value, prompts }
      }
      case 'perplexity': {
        const { text, chunks, ...rest } = value
        const read =
          typeof text === 'string'
            ? { id: 'text', text }
            : await this.#read(settingFor(section, ['text', 'file']), text.file, ports.text)
        return read && { name, ...rest, text: read, ...(chunks !== undefined && { chunks }) }
      }
    }
  }

  async #prompts(
    section: ResolvedSection<'workload'>,
    prompts: readonly Prompt[] | FilePrompts | MadePrompts,
  ): Promise<readonly Prompt[] | undefined> {
    if (isList(prompts)) return prompts
    const { ports } = this.#options
    if (!('file' in prompts)) return once(this.#made, JSON.stringify(prompts), () => this.#make(section, prompts))
    const { file, ...how } = prompts
    const at = settingFor(section, ['prompts', 'file'])
    return this.#read(at, file, (named) => ports.prompts({ ...named, ...how }), JSON.stringify(how))
  }

  async #make(section: ResolvedSection<'workload'>, recipe: MadePrompts): Promise<readonly Prompt[] | undefined> {
    const { ports, problems } = this.#options
    const path = 'mix' in recipe ? ['prompts'] : ['prompts', 'synthetic']
    const { tokenizer: name } = 'mix' in recipe ? recipe : recipe.synthetic
    const read =
      name === wordsName ? undefined : await this.#tokenizer(settingFor(section, [...path, 'tokenizer']), name)
    if (name !== wordsName && read === undefined) return undefined
    const made = ports.madePrompts(recipe, read?.tokenizer)
    if (made.status === 'ok') return made.value
    problems.addFor(settingFor(section, path), made.message)
    return undefined
  }

  #tokenizer(at: Setting, name: string): Promise<ReadTokenizer | undefined> {
    return this.#read(at, name, this.#options.ports.tokenizer, 'tokenizer')
  }

  /** The content of a file that is named at a setting; read once per `use`. */
  async #read<T>(
    at: Setting,
    file: string,
    port: (file: NamedFile) => Promise<Checked<T>>,
    use = 'text',
  ): Promise<T | undefined> {
    const path = await this.#find(file, at)
    if (path === undefined) return undefined
    const checked = (await once(this.#files, `${use} ${path}`, () => port({ file, path }))) as Checked<T>
    if (checked.status === 'ok') return checked.value
    for (const { place, message } of checked.problems) {
      // What is wrong with a file as a whole is told where it is named.
      if (place.line === undefined)
        this.#options.problems.addFor(
          at,
          `${file} ${message}${use === 'tokenizer' && !file.includes('.') ? tokenizers : ''}`,
        )
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

/** SHA-256 in hex of the tokenizer that counts outputs; absent where that needs no file. */
export type BackendFiles = { tokenizerDigest?: string }

const tokenizers = `: take ${quote(wordsName)}, or a tokenizer.json`
const maxCertificateBytes = 16 * 1_048_576

/** A model's files, as declared and as found. */
export type FoundArtifact = { source: ArtifactSource; identity: ArtifactIdentity }

const originOf = (artifact: unknown) => (artifact as { quantize: { from: string } }).quantize.from

const isList = (prompts: unknown): prompts is readonly Prompt[] => Array.isArray(prompts)

function settingFor(section: ResolvedSection<'workload' | 'backend' | 'load'>, path: readonly string[]): Setting {
  const { setting, rest } = settingOf(section.layers, path) as { setting: Setting; rest: readonly string[] }
  return settingBelow(setting, rest)
}

function once<K, T>(known: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}
