import { join } from 'node:path'
import { type Metric, metrics } from '../domain/metric.ts'
import { type OtherTool, otherTools } from '../measure/other-tools.ts'
import { checkDocument } from '../parse/check-value.ts'
import { orThrow } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { z } from '../parse/schema.ts'
import { maxDocumentBytes, parseYaml } from '../parse/yaml-document.ts'
import { type EnginePage, enginePages } from './engine-pages.ts'

const metricPage = z.strictObject({ says: z.string(), traps: z.array(z.string()), elsewhere: z.string() })
const reasonPage = z.strictObject({ means: z.string(), do: z.string() })
const pageFiles = {
  metrics: z.record(z.string(), metricPage),
  reasons: z.record(z.enum(['failed', 'skipped', 'invalid', 'unused']), z.record(z.string(), reasonPage)),
  tools: z.record(z.string(), z.string()),
  words: z.record(z.string(), z.string()),
} as const

/** What can be explained. */
export type Page =
  | ({ kind: 'metric'; name: Metric } & z.output<typeof metricPage> & (typeof metrics)[Metric])
  | ({ kind: 'reason'; name: string; of: keyof z.output<typeof pageFiles.reasons> } & z.output<typeof reasonPage>)
  | { kind: 'tool'; name: OtherTool; says: string; metrics: (typeof otherTools)[OtherTool] }
  | EnginePage
  | { kind: 'word'; name: string; says: string }

/** Every page, from `explain/` in the packaged data folder: metrics first, in the order of their table. */
export async function explainPages(packageRoot: string): Promise<Page[]> {
  const folder = join(packageRoot, 'data', 'explain')
  const read = async <S extends z.ZodType>(name: string, schema: S): Promise<z.output<S>> => {
    const file = `data/explain/${name}.yaml`
    const source = orThrow(await readSource({ file, path: join(folder, `${name}.yaml`), maxBytes: maxDocumentBytes }))
    return orThrow(checkDocument(schema, orThrow(parseYaml(source))))
  }
  const ofMetrics = await read('metrics', pageFiles.metrics)
  const ofReasons = await read('reasons', pageFiles.reasons)
  const ofTools = await read('tools', pageFiles.tools)
  const ofWords = await read('words', pageFiles.words)
  const names = Object.keys(metrics) as Metric[]
  return [
    ...names.flatMap((name): Page[] => {
      const page = ofMetrics[name]
      return page === undefined ? [] : [{ kind: 'metric', name, ...metrics[name], ...page }]
    }),
    ...Object.entries(ofReasons).flatMap(([of, pages]) =>
      Object.entries(pages).map(([name, page]): Page => ({
        kind: 'reason',
        name,
        of: of as keyof typeof ofReasons,
        ...page,
      })),
    ),
    ...(Object.keys(otherTools) as OtherTool[]).flatMap((name): Page[] => {
      const says = ofTools[name]
      return says === undefined ? [] : [{ kind: 'tool', name, says, metrics: otherTools[name] }]
    }),
    ...(await enginePages(packageRoot)),
    ...Object.entries(ofWords).map(([name, says]): Page => ({ kind: 'word', name, says })),
  ]
}
