import { readFileSync } from 'node:fs'
import { programKinds } from '../domain/engine-programs.ts'
import { checkDocument } from '../parse/check-value.ts'
import type { Checked } from '../parse/problem.ts'
import { z } from '../parse/schema.ts'
import { decodeText } from '../parse/source-text.ts'
import { parseYaml } from '../parse/yaml-document.ts'

/** Where a lab has them. */
export const settingsFile = 'data/lab.yaml'

const argument = z.string().min(1)
const webhook = z
  .string()
  .regex(
    /^(https?:\/\/|\$\{env:)/,
    'must begin with https:// or http://, or be an ${env:NAME} that holds such an address',
  )
  .describe('Where one JSON document is posted to, within 10 s.')

/** `data/lab.yaml`. */
const labSettingsSchema = z.strictObject({
  $schema: z.string().optional().describe('The JSON Schema of this file, for editors; otherwise ignored.'),
  store: z.string().min(1).optional().describe('The store of the lab, as seen from it. Default: data/benchbook.db.'),
  hubCache: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where models of Hugging Face's hub are kept, as seen from the lab. Default: HF_HUB_CACHE, else its own.",
    ),
  programs: z
    .partialRecord(z.enum(programKinds), z.string().min(1).max(4096))
    .optional()
    .describe(
      'Where the programs of engines are, as seen from the lab, by kind of backend; of transformers, vllm-offline and llama-cpp-python a Python. Default: .venv of the lab, the environment that is active, the PATH.',
    ),
  finish: z
    .union([
      z.strictObject({
        command: z.array(argument).min(1).describe('A program and its arguments; no shell. It has 30 s.'),
      }),
      z.strictObject({ webhook }),
    ])
    .optional()
    .describe('What is told of the end of a run; ${env:NAME} stands for a variable of the environment.'),
})

/** What a lab says of itself. */
export type LabSettings = z.output<typeof labSettingsSchema>

/** The JSON Schema of `data/lab.yaml`, for editors. */
export function labJsonSchema(): object {
  return { title: 'Benchbook lab', ...z.toJSONSchema(labSettingsSchema, { io: 'input' }) }
}

/** Reads a lab's settings; a file that is empty, or holds comments only, has none. */
export function readLabSettings(path: string): Checked<LabSettings> {
  const source = readText(path)
  if (source.status === 'failed') return source
  const document = parseYaml(source.value)
  if (document.status === 'failed') return document
  return document.value.value === null ? { status: 'ok', value: {} } : checkDocument(labSettingsSchema, document.value)
}

function readText(path: string): ReturnType<typeof decodeText> {
  try {
    return decodeText(settingsFile, readFileSync(path))
  } catch (error) {
    const message = `may not be read (${(error as NodeJS.ErrnoException).code}): make it a file that you may read`
    return { status: 'failed', problems: [{ place: { file: settingsFile }, message }] }
  }
}
