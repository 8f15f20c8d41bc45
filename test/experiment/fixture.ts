import { tmpdir } from 'node:os'
import { artifactName } from '../../lib/domain/artifact-name.ts'
import type { ArtifactIdentity, ArtifactSource } from '../../lib/domain/cell.ts'
import { exitCodes, UserError } from '../../lib/domain/user-error.ts'
import type { CatalogueSource } from '../../lib/experiment/catalogue.ts'
import { expandExperiment, type Expanded, type ExpandOptions } from '../../lib/experiment/expand.ts'
import { parseExperiment } from '../../lib/experiment/load-experiment.ts'
import { planExperiment, type PlanOptions } from '../../lib/experiment/plan.ts'
import { orThrow } from '../../lib/parse/problem.ts'
import { decodeText, sourceText } from '../../lib/parse/source-text.ts'
import { parseYaml } from '../../lib/parse/yaml-document.ts'
import { promptPorts } from '../../lib/prompts/prompt-ports.ts'

const builtIn = `
models:
  tiny: { artifacts: { f16: { path: m/tiny-f16.gguf }, q8_0: { path: m/tiny-q8_0.gguf }, q4_0: { path: m/tiny-q4_0.gguf } } }
  noise: { artifacts: { f16: { random: { parameters: 5e6 } }, q4_0: { random: { parameters: 5e6 } } } }
  sole: { parameters: 7e9, artifacts: { q4_0: { path: m/sole.gguf } } }
backends:
  llama.cpp: { kind: llama.cpp }
hardware:
  local: { target: local }
  gpu: { target: local, needs: { accelerator: cuda } }
workloads:
  write: { kind: completion, prompts: [Hello, Goodbye] }
  bench: { kind: prefill-decode }
  score: { kind: perplexity, text: Some text. }
`

/** A checked catalogue, as if it had been read from a file. */
export function catalogue(text: string, from: CatalogueSource['from'], file = `${from}.yaml`): CatalogueSource {
  return { document: orThrow(parseYaml(sourceText(file, text))), from }
}

type Given = {
  sets?: readonly string[]
  lab?: string
  folders?: Partial<ExpandOptions['folders']>
  artifact?: (source: ArtifactSource) => Promise<ArtifactIdentity>
}

/** Artifacts whose digest is their name. */
export async function anyArtifact(source: ArtifactSource): Promise<ArtifactIdentity> {
  if (source.kind === 'quantize')
    return { digest: `${source.to} of ${(await anyArtifact(source.from)).digest}`, path: '/somewhere/quantized.gguf' }
  if (source.kind === 'served') return { digest: `digest of ${source.name}`, path: source.name }
  if (source.kind === 'hf' || source.kind === 'ollama')
    return { digest: `digest of ${artifactName(source)}`, path: artifactName(source) }
  return source.kind === 'path'
    ? { digest: `digest of ${source.path}`, path: `/somewhere/${source.path}` }
    : { digest: `digest of random ${source.parameters} ${source.type}`, path: '/somewhere/random.gguf' }
}

/** Expands an experiment over a small catalogue. */
export async function expand(
  text: string | Uint8Array,
  { sets = [], lab, folders, artifact = anyArtifact }: Given = {},
): Promise<Expanded> {
  const catalogues = [catalogue(builtIn, 'built-in'), ...(lab === undefined ? [] : [catalogue(lab, 'lab')])]
  return expandExperiment({
    loaded: parseExperiment(orThrow(decodeText('x.yaml', Buffer.from(text))), catalogues),
    sets,
    folders: { labRoot: tmpdir(), packageRoot: tmpdir(), allowOutside: false, ...folders },
    ports: { ...promptPorts, artifact },
  })
}

/** The message of the refusal; anything but a `UserError` of a wrong file is a failure of the test. */
export async function refused(text: string, given?: Given): Promise<string> {
  try {
    const { cells } = await expand(text, given)
    throw new Error(`accepted, with ${cells.length} cells`)
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== exitCodes.usage) throw error
    return error.message
  }
}

/** The plan of an experiment on a machine with two cores. */
export async function plan(text: string | Uint8Array, options: Partial<PlanOptions> & Given = {}) {
  const expanded = options.expanded ?? (await expand(text, options))
  const machine = { cores: 2, accelerators: ['cpu', 'cuda', 'vulkan'] } as const
  return planExperiment({ expanded, seed: 1, createdAtMs: 1_700_000_000_000, machine, command: 'run', ...options })
}
