import type { RandomType } from '../domain/cell.ts'
import { mostBlocks } from '../domain/plan.ts'
import { imatrixTypes, isQuantizedType, quantizedTypes } from '../domain/quantized-type.ts'
import { ollamaName } from '../domain/ollama-name.ts'
import { quote } from '../parse/quote.ts'
import { z } from '../parse/schema.ts'
import { compareSchema } from './compare-schema.ts'
import { guardsSchema } from './guards-schema.ts'
import { objectivesSchema } from './objectives-schema.ts'
import { publishedSchema } from './published-schema.ts'
import { reportSchema } from './report-schema.ts'
import { sectionSchemas } from './sections.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'must be letters, digits, ".", "_" and "-", 80 at most')
/** What has kinds has entries by name: whoever forgets the name writes `kind` in its place. */
const nameOfKind = name.refine((key) => key !== 'kind', 'is no name: each has one above it, as in mine: { kind: ... }')
const values = z.record(z.string(), z.json())

/** `org/name`, or an old name without an organisation. */
const hubName = /^(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]{0,95}(?:\/[A-Za-z0-9][\w.-]{0,95})?$/

/** Where the files of a model in one quantization come from, as a file has it. */
export const artifactSchema = z
  .union([
    z.strictObject({
      path: z
        .string()
        .min(1)
        .describe('A GGUF file, or a folder of safetensors, in the lab (or that the package brings).'),
    }),
    z.strictObject({
      hf: z
        .string()
        .regex(hubName, 'must be a repository such as org/name')
        .describe("A repository of Hugging Face's hub."),
      revision: z
        .string()
        .regex(/^(?!.*\.\.)[A-Za-z0-9][\w./-]{0,199}$/, 'must be a commit, a tag or a branch')
        .default('main')
        .describe('A commit, a tag or a branch. What a branch stands for is settled when planning.'),
      file: z
        .string()
        .regex(/^(?!.*\.\.)[\w][\w ./+-]{0,299}\.gguf$/, 'must be a GGUF file of the repository')
        .optional()
        .describe('One GGUF file of it. Default: what an engine needs of a model in safetensors.'),
    }),
    z.strictObject({
      ollama: z
        .string()
        .max(300)
        .regex(ollamaName, 'must be a name such as llama3.2:1b')
        .describe('A model in the store of Ollama.'),
    }),
    z.strictObject({
      random: z
        .strictObject({ parameters: z.int().min(5e6).max(1e9).describe('Weights, 5e6 to 1e9.') })
        .describe('Generated weights, for speed only: f16, q8_0 or q4_0, by the name of the quantization.'),
    }),
    z.strictObject({
      served: z.string().min(1).max(300).describe('The name under which a running server has it.'),
    }),
    z.strictObject({
      quantize: z
        .strictObject({
          from: name.describe('The quantization of the same model to start from: f16, bf16 or f32.'),
          to: name.optional().describe(`One of ${quantizedTypes.join(', ')}. Default: the name of the quantization.`),
        })
        .describe('Quantized from another artifact of the model, on first use, by the llama.cpp that is embedded.'),
    }),
  ])
  .describe('Where the files of a model in one quantization come from.')

const randomTypes: readonly string[] = ['f16', 'q8_0', 'q4_0'] satisfies RandomType[]

type ArtifactEntry = z.output<typeof artifactSchema>

function whyNoArtifact(quantization: string, artifacts: Readonly<Record<string, ArtifactEntry>>): string | undefined {
  const source = artifacts[quantization] as ArtifactEntry
  if ('random' in source && !randomTypes.includes(quantization))
    return `random weights come as ${randomTypes.join(', ')}, not as ${quote(quantization)}`
  return 'quantize' in source ? whyNotQuantized(quantization, source.quantize, artifacts) : undefined
}

function whyNotQuantized(
  quantization: string,
  { from, to = quantization }: { from: string; to?: string | undefined },
  artifacts: Readonly<Record<string, ArtifactEntry>>,
): string | undefined {
  const origin = artifacts[from]
  if (imatrixTypes.includes(to.toLowerCase()))
    return `${quote(to)} needs an importance matrix, which is not supported: take one of ${quantizedTypes.join(', ')}`
  if (!isQuantizedType(to)) return `${quote(to)} is none of ${quantizedTypes.join(', ')}: say to which with "to"`
  if (origin === undefined) return `the model has no artifact ${quote(from)} to quantize from`
  if ('quantize' in origin) return `${quote(from)} is quantized itself: start from the artifact that it is made of`
  return undefined
}

const model = z
  .strictObject({
    ...sectionSchemas.model.shape,
    artifacts: z
      .record(name, artifactSchema)
      .superRefine((artifacts, context) => {
        for (const [quantization, source] of Object.entries(artifacts)) {
          const message = whyNoArtifact(quantization, artifacts)
          if (message === undefined) continue
          context.addIssue({ code: 'custom', message, path: [quantization], input: source })
        }
      })
      .describe('By quantization.'),
  })
  .describe('A model, in one or several quantizations.')

const entries = {
  models: z.record(name, model).default({}).describe('What the axis model may name, beside the catalogues.'),
  backends: z
    .record(nameOfKind, sectionSchemas.backend)
    .default({})
    .describe('What backend may name. Default: llama.cpp.'),
  hardware: z.record(name, sectionSchemas.hardware).default({}).describe('What hardware may name. Default: local.'),
  workloads: z.record(nameOfKind, sectionSchemas.workload).default({}).describe('What workload may name.'),
}

const schemaLine = z.string().optional().describe('The JSON Schema of this file, for editors; otherwise ignored.')

/** A file of `data/catalogue/`: entries that every experiment may name. */
export const catalogueSchema = z.strictObject({ $schema: schemaLine, ...entries })

const axes = z
  .record(z.string(), z.array(z.json()).min(1))
  .default({})
  .describe('The cartesian product: names of a catalogue (model, quantization, ...) or dotted paths (backend.threads).')

const override = z.strictObject({
  when: values.default({}).describe('Axes or names and their values; every cell where nothing is named.'),
  set: values.describe('Dotted paths and what they become.'),
})

/** Every rule is held against every cell. */
const mostRules = 1000

/** An experiment file. */
export const experimentSchema = z
  .strictObject({
    $schema: schemaLine,
    name: name.describe('Short, for lists and file names.'),
    title: z.string().min(1).max(300).optional().describe('The head of the report. Default: the name.'),
    question: z.string().min(1).max(1000).optional().describe('What the experiment is to answer.'),
    axes,
    zip: z.array(z.array(z.string())).max(mostRules).default([]).describe('Groups of axes that advance together.'),
    exclude: z.array(values).max(mostRules).default([]).describe('Cells that do not run: axes and their values.'),
    include: z
      .array(values)
      .default([])
      .describe('Extra cells: a value for every axis. exclude does not apply to them.'),
    overrides: z.array(override).max(mostRules).default([]).describe('Settings for some of the cells; later ones win.'),
    ...entries,
    workload: sectionSchemas.workload.optional().describe('In place of workloads, where there is one.'),
    load: sectionSchemas.load.prefault({}),
    repeat: z
      .strictObject({
        blocks: z.int().min(1).max(mostBlocks).default(10).describe('How often every arm is launched.'),
        warmup: sectionSchemas.warmup.prefault({}),
        aa: z
          .boolean()
          .default(false)
          .describe(
            'In each block the arm that others are compared with runs twice (A/A): what this machine can tell apart.',
          ),
        sentinel: z
          .int()
          .min(0)
          .max(mostBlocks)
          .default(0)
          .describe(
            'One cell runs again before every so many blocks, and at the end: whether the machine drifts. 0: never.',
          ),
      })
      .prefault({})
      .describe('How often everything is measured.'),
    limits: sectionSchemas.limits.prefault({}),
    guards: guardsSchema.prefault({}),
    objectives: objectivesSchema.optional(),
    keepStreams: z
      .boolean()
      .default(false)
      .describe('Keeps the bytes that servers send with their times, so that all can be measured again without them.'),
    compare: compareSchema.optional(),
    report: reportSchema.optional(),
  })
  .refine(({ workload, workloads }) => workload === undefined || Object.keys(workloads).length === 0, {
    message: 'write either workload or workloads',
    path: ['workload'],
  })

/** An experiment file as it was written, defaults filled in. */
export type ExperimentFile = z.output<typeof experimentSchema>

/** The JSON Schema of an experiment file, for editors. */
export function experimentJsonSchema(): object {
  const { $schema, $defs, ...runs } = z.toJSONSchema(experimentSchema, { io: 'input' })
  const { $schema: _, ...published } = z.toJSONSchema(publishedSchema, { io: 'input' })
  // One or the other, so that an editor speaks of the one that is meant.
  // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
  return { title: 'Benchbook experiment', $schema, $defs, if: { required: ['published'] }, then: published, else: runs }
}
