import type { MemorySample } from '../domain/record.ts'
import { fieldsOf, isCardId, type LineSource, missedRounds, numberOf, startQuietly } from './gpu-lines.ts'
import type { GpuWatchOptions } from './gpu-memory.ts'
import { isVisible } from './visible-cards.ts'

const keys = [
  'gpuUsedBytes',
  'gpuReservedBytes',
  'gpuUtilization',
  'gpuCelsius',
  'gpuPowerW',
  'gpuSmMhz',
  'gpuSlowdowns',
] as const
type Key = (typeof keys)[number]
export type CardSample = Pick<MemorySample, Key>
type Card = CardSample & { id: string; index: number; atMs: number }

/** Watches NVIDIA GPUs as a whole. */
export type GpuCards = AsyncDisposable & {
  /** Of the cards `ours`; where none of them is known, of those that `visible` leaves. */
  sample: (ours: ReadonlySet<string>) => CardSample
}
type Options = GpuWatchOptions & {
  /** `CUDA_VISIBLE_DEVICES` of the engine. */
  visible?: string | undefined
}

const mebibyte = 1024 * 1024
/** Between `index` and `uuid`, each with the sample's field. */
const queried: Readonly<Record<string, Key>> = {
  'memory.used': 'gpuUsedBytes',
  'memory.reserved': 'gpuReservedBytes',
  'utilization.gpu': 'gpuUtilization',
  'temperature.gpu': 'gpuCelsius',
  'power.draw': 'gpuPowerW',
  'clocks.sm': 'gpuSmMhz',
  'clocks_event_reasons.active': 'gpuSlowdowns',
  // What drivers before 535 call it.
  'clocks_throttle_reasons.active': 'gpuSlowdowns',
}
const older: Readonly<Record<string, string>> = {
  'clocks_event_reasons.active': 'clocks_throttle_reasons.active',
}
const newest = Object.keys(queried).filter((name) => !Object.values(older).includes(name))
const unknownField = /^Field "(.+)" is not a valid field to query/

/**
 * Starts one `nvidia-smi` that says again and again how each card does, and starts it anew without a field that it does not know.
 * Where there is none, nothing is ever known.
 */
export function watchGpuCards({ nowMs, intervalMs, visible, start = startQuietly }: Options): GpuCards {
  const cards = new Map<string, Card>()
  let isOver = false
  const query = (names: readonly string[]): LineSource =>
    start([
      'nvidia-smi',
      `--query-gpu=index,${names.join(',')},uuid`,
      '--format=csv,noheader,nounits',
      `--loop-ms=${intervalMs}`,
    ])
  let child = query(newest)
  const read = async (names: readonly string[]): Promise<void> => {
    for await (const line of child.lines) {
      const refused = unknownField.exec(line)?.[1]
      if (refused !== undefined && names.includes(refused)) return await readAnew(without(names, refused))
      const card = parseCard(line, names)
      if (card !== undefined) cards.set(card.id, { ...card, atMs: nowMs() })
    }
  }
  const readAnew = async (names: readonly string[]): Promise<void> => {
    await child.stop()
    if (isOver) return
    child = query(names)
    await read(names)
  }
  const reading = read(newest).catch(() => {}) // what was seen grows old, and then is unknown
  return {
    sample: (ours) => {
      const fresh = [...cards.values()].filter(({ atMs }) => nowMs() - atMs <= missedRounds * intervalMs)
      const named = fresh.filter(({ id }) => ours.has(id))
      return together(named.length > 0 ? named : fresh.filter((card) => isVisible(card, visible)))
    },
    [Symbol.asyncDispose]: async () => {
      isOver = true
      await child.stop()
      await reading
    },
  }
}

function without(names: readonly string[], refused: string): string[] {
  return names.flatMap((name) => (name === refused ? (older[name] ?? []) : name))
}

/** `0, 1024, 600, 43, 55, 120.34, 1410, 0x0000000000000004, GPU-1f2e…`; memory in MiB. */
function parseCard(line: string, names: readonly string[]): Omit<Card, 'atMs'> | undefined {
  const [first, ...rest] = fieldsOf(line)
  const [index, id] = [numberOf(first), rest.pop()]
  if (index === undefined || !isCardId(id) || rest.length !== names.length) return undefined
  const values = names.flatMap((name, i) => {
    const [value, key] = [numberOf(rest[i]), queried[name] as Key]
    return value === undefined ? [] : [[key, name.startsWith('memory.') ? value * mebibyte : value]]
  })
  return { id, index, ...Object.fromEntries(values) }
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
const ofSeveral: Readonly<Record<Key, (values: readonly number[]) => number>> = {
  gpuUsedBytes: sum,
  gpuReservedBytes: sum,
  gpuPowerW: sum,
  gpuUtilization: (values) => sum(values) / values.length,
  gpuCelsius: (values) => Math.max(...values),
  gpuSmMhz: (values) => Math.min(...values),
  gpuSlowdowns: (values) => values.reduce((bits, value) => bits | value, 0),
}

/** What one of the cards does not say is not known of all of them. */
function together(cards: readonly CardSample[]): CardSample {
  const known = keys.flatMap((key) => {
    const values = cards.flatMap((card) => card[key] ?? [])
    return values.length === 0 || values.length < cards.length ? [] : [[key, ofSeveral[key](values)]]
  })
  return Object.fromEntries(known)
}
