import { join } from 'node:path'
import type { HardwareFacts } from '../domain/published.ts'
import { checkDocument } from '../parse/check-value.ts'
import { orThrow } from '../parse/problem.ts'
import { readSource } from '../parse/read-source.ts'
import { maxDocumentBytes, parseYaml } from '../parse/yaml-document.ts'
import { hardwareSchema } from './post-schema.ts'

/**
 * What is known of hardware and its prices, by name: `data/hardware.yaml` of the package, and of the lab above it. Throws a
 * `UserError` with all that is wrong, each with its place.
 */
export async function readHardware({
  labRoot,
  packageRoot,
}: {
  labRoot: string
  packageRoot: string
}): Promise<ReadonlyMap<string, HardwareFacts>> {
  const known = new Map<string, HardwareFacts>()
  for (const root of new Set([packageRoot, labRoot])) {
    const file = 'data/hardware.yaml'
    const source = await readSource({ file, path: join(root, file), maxBytes: maxDocumentBytes })
    if (source.status === 'failed' && root !== packageRoot && source.problems[0]?.message === 'is not there') continue
    const facts = orThrow(checkDocument(hardwareSchema, orThrow(parseYaml(orThrow(source)))))
    for (const [name, each] of Object.entries(facts)) known.set(name, each as HardwareFacts)
  }
  return known
}
