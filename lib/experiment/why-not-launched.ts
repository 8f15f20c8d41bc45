import { byteText } from '../domain/byte-text.ts'
import type { ArtifactSource, Cell } from '../domain/cell.ts'
import {
  enginePrograms,
  type ProgramKind,
  programName,
  programOf,
  type RunnableFormat,
} from '../domain/engine-programs.ts'
import type { SkippedCell } from '../domain/plan.ts'
import type { Machine } from './machine.ts'

type Skip = Pick<SkippedCell, 'reason' | 'detail'>

/** Why an engine that a launch would start cannot run a cell here; `undefined` where it can, or where a launch starts none. */
export function whyNotLaunched({ config, artifact }: Cell, machine: Machine): Skip | undefined {
  const kind = programOf(config.backend)
  if (kind === undefined) return undefined
  const { accelerator } = config.hardware.needs
  const format = formatOf(config.artifact, artifact.description?.format)
  if (config.artifact.kind === 'served') return { reason: 'format', detail: needsFiles(kind, config.artifact.name) }
  if (format !== undefined && !enginePrograms[kind].runs.includes(format))
    return { reason: 'format', detail: wrongFormat(kind, format) }
  if (!machine.accelerators.includes(accelerator))
    return { reason: 'target-missing', detail: `needs ${accelerator}, which this machine does not have` }
  const detail = machine.lacking?.[programName(config.backend)]
  if (detail !== undefined) return { reason: 'engine-missing', detail }
  return whyTooLarge(artifact.description?.tensorBytes, { config, machine })
}

/** All that is known of what it needs are its weights. */
function whyTooLarge(
  weightBytes: number | undefined,
  { config, machine }: Pick<Cell, 'config'> & { machine: Machine },
) {
  if (weightBytes === undefined || machine.memory === undefined) return undefined
  const { hardware } = config
  const isGpu = hardware.needs.accelerator === 'cuda'
  const has = isGpu
    ? (hardware.vramBytes ?? machine.memory.vramBytes)
    : (hardware.memoryBytes ?? machine.memory.memoryBytes)
  if (has === undefined || weightBytes <= has) return undefined
  const what = isGpu ? 'GPU memory' : 'memory'
  const detail = `its weights alone take ${byteText(weightBytes)} of ${what}, the target has ${byteText(has)}`
  return { reason: 'does-not-fit' as const, detail }
}

function formatOf(source: ArtifactSource, described: 'gguf' | 'safetensors' | undefined): RunnableFormat | undefined {
  if (source.kind === 'ollama') return 'ollama'
  if (source.kind === 'random' || source.kind === 'quantize') return 'gguf'
  if (source.kind === 'hf') return source.file?.endsWith('.gguf') ? 'gguf' : 'safetensors'
  return described
}

const words: Readonly<Record<RunnableFormat, string>> = {
  gguf: 'GGUF files',
  safetensors: 'models in safetensors',
  ollama: 'models of the store of Ollama',
}

function wrongFormat(kind: ProgramKind, format: RunnableFormat): string {
  const runs = enginePrograms[kind].runs.map((each) => words[each]).join(' and ')
  return `${kind} runs ${runs}, and the artifact is one of the ${words[format]}: name another artifact or another backend`
}

const needsFiles = (kind: ProgramKind, name: string) =>
  `${kind} is started with the files of the model, and the artifact is only the name ${name}: name its files, or attach to a server that runs with backend.url`
