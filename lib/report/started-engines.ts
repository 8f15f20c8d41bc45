import type { EngineFacts } from '../domain/manifest.ts'
import type { Evidence } from './evidence.ts'
import { missing } from './numbers.ts'

/** Engines as they were started, a column for those arms that have the same: command, and every setting that is known. */
export type StartedEngines = {
  columns: readonly { name: string; command: string }[]
  /** `differs` where a value is not as in the first column. */
  rows: readonly { name: string; values: readonly { text: string; differs: boolean }[] }[]
}

type Settings = Readonly<Record<string, string | number | boolean | undefined>>

/** `undefined` where no engine says what it was started with. */
export function startedEnginesOf(evidence: Evidence): StartedEngines | undefined {
  const engines = evidence.comparison.arms.flatMap((arm) => {
    const key = evidence.comparison.cells.find((cell) => cell.arm === arm)?.cell.arm
    const facts = evidence.data.launches.flatMap((launch) => {
      const digest = launch.arm === key ? launch.manifestDigest : undefined
      return digest === undefined ? [] : (evidence.data.manifests[digest]?.manifest.engine ?? [])
    })
    return facts[0] === undefined ? [] : [{ name: arm.name, command: commandOf(facts), settings: settingsOf(facts[0]) }]
  })
  if (!engines.some(({ command, settings }) => command !== '' || Object.keys(settings).some(isOwn))) return undefined
  const columns = [
    ...Map.groupBy(engines, ({ command, settings }) => JSON.stringify([command, settings])).values(),
  ].flatMap((same) => (same[0] === undefined ? [] : [{ ...same[0], name: same.map(({ name }) => name).join(', ') }]))
  const names = [...new Set(columns.flatMap(({ settings }) => Object.keys(settings)))]
  return {
    columns: columns.map(({ name, command }) => ({ name, command })),
    rows: names.map((name) => {
      const texts = columns.map(({ settings }) => String(settings[name] ?? missing))
      return {
        name: name.replace(own, ''),
        values: texts.map((text) => ({ text, differs: text !== texts[0] })),
      }
    }),
  }
}

/** Whether the manifest's `field` is told by the table of engines. */
export function isToldByEngines(field: string): boolean {
  return /^engine\.(server\.)?(settings\.|command$)/.test(field)
}

// What only some engines have, apart from the fields that a manifest knows of every engine.
const own = /^settings\./
const isOwn = (name: string) => own.test(name)

function settingsOf(engine: EngineFacts): Settings {
  const { version, build, accelerator, threads, contextSize, batchSize, flashAttention } = engine
  const known = { version, build, accelerator, threads, contextSize, batchSize, flashAttention }
  const said = Object.entries({ ...engine.settings, ...engine.server?.settings })
  const all = [...Object.entries(known), ...said.map(([name, value]) => [`settings.${name}`, value] as const)]
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== ''))
}

function commandOf(facts: readonly EngineFacts[]): string {
  return [...new Set(facts.flatMap(({ server }) => server?.command ?? []))].join('\n')
}
