import type { EngineFacts } from '../domain/manifest.ts'
import { placeOfArm } from './comparison.ts'
import type { Evidence } from './evidence.ts'
import { fieldText } from './field-text.ts'
import { missing } from './numbers.ts'

/** Engines as they were started, a column for those arms that have the same: command, and every setting that is known. */
export type StartedEngines = {
  columns: readonly { name: string; command: string }[]
  /** `differs` where a value is not as in the first column that has one. */
  rows: readonly { name: string; values: readonly { text: string; differs: boolean }[] }[]
}

type Settings = Readonly<Record<string, string | number | boolean | undefined>>

/** `undefined` where no engine says what it was started with. */
export function startedEnginesOf(evidence: Evidence): StartedEngines | undefined {
  const engines = evidence.comparison.arms.flatMap((arm) => {
    const facts = evidence.data.launches.flatMap((launch) => {
      const digest = placeOfArm(launch) === arm.place ? launch.manifestDigest : undefined
      return digest === undefined ? [] : (evidence.data.manifests[digest]?.manifest.engine ?? [])
    })
    const [engine] = facts
    if (engine === undefined) return []
    const says = (engine.settings ?? engine.server?.settings) !== undefined
    return [{ name: arm.name, says, command: commandOf(facts), settings: settingsOf(engine) }]
  })
  if (!engines.some(({ command, says }) => command !== '' || says)) return undefined
  const columns = [
    ...Map.groupBy(engines, ({ command, settings }) => JSON.stringify([command, settings])).values(),
  ].flatMap((same) => (same[0] === undefined ? [] : [{ ...same[0], name: same.map(({ name }) => name).join(', ') }]))
  const names = [...new Set(columns.flatMap(({ settings }) => Object.keys(settings)))]
  return {
    columns: columns.map(({ name, command }) => ({ name, command })),
    rows: names.map((name) => {
      const texts = columns.map(({ settings: { [name]: value } }) =>
        value === undefined ? missing : fieldText(name, value),
      )
      const first = texts.find((text) => text !== missing)
      return { name, values: texts.map((text) => ({ text, differs: text !== missing && text !== first })) }
    }),
  }
}

const known = [
  'version',
  'build',
  'accelerator',
  'threads',
  'contextSize',
  'batchSize',
  'flashAttention',
] as const satisfies readonly (keyof EngineFacts)[]

/** Whether the manifest's `field` is told by the table of engines. */
export function isToldByEngines(field: string): boolean {
  return known.some((name) => field === `engine.${name}`) || /^engine\.(server\.)?(settings\.|command$)/.test(field)
}

function settingsOf(engine: EngineFacts): Settings {
  const own = known.flatMap((name) => {
    const value = engine[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(own), ...engine.settings, ...engine.server?.settings, ...Object.fromEntries(own) }
}

function commandOf(facts: readonly EngineFacts[]): string {
  return [...new Set(facts.flatMap(({ server }) => server?.command ?? []))].join('\n')
}
