import { matchesGlob } from 'node:path'
import type { Cell } from '../domain/cell.ts'
import type { JsonValue } from '../domain/json.ts'
import type { SkippedCell } from '../domain/plan.ts'
import { UserError } from '../domain/user-error.ts'
import { didYouMean } from '../domain/nearest.ts'
import { quote } from '../parse/quote.ts'
import { meaningOf, type NameKey, pathHint } from './paths.ts'
import { valueAt } from './setting.ts'

type Cells = { cells: readonly Cell[]; skipped: readonly SkippedCell[] }
/** One `--only axis=glob`. */
type Only = { text: string; key: string; glob: string; valueOf: (cell: Cell) => string }

const mostNamed = 20

/**
 * Leaves the cells that meet all of some `--only` arguments (`quantization=q4*`, `backend.threads=2`), of several with one axis
 * any; the others are skipped, with the argument. Throws a `UserError` with all arguments that are wrong or that no cell meets.
 */
export function onlyThose<T extends Cells>(made: T, texts: readonly string[]): T {
  const read = texts.map((text) => readOnly(text, made.cells))
  const wrong = read.filter((only) => typeof only === 'string')
  if (wrong.length > 0) throw new UserError(wrong.join('\n'))
  const groups = [...Map.groupBy(read as Only[], ({ key }) => key).values()]
  const cells: Cell[] = []
  const skipped = [...made.skipped]
  for (const cell of made.cells) {
    const unmet = groups.find((group) => !group.some((only) => isMet(only, cell)))
    if (unmet === undefined) cells.push(cell)
    else
      skipped.push({ axes: cell.axes, reason: 'excluded', detail: unmet.map(({ text }) => `--only ${text}`).join(' ') })
  }
  return { ...made, cells, skipped }
}

const isMet = ({ glob, valueOf }: Only, cell: Cell) => matches(valueOf(cell), glob)

// A slash is a letter like others: values are no paths.
const matches = (value: string, glob: string) =>
  matchesGlob(value.replaceAll('/', '\u{2044}'), glob.replaceAll('/', '\u{2044}'))

/** The argument, or what is wrong with it. */
function readOnly(text: string, cells: readonly Cell[]): Only | string {
  const equals = text.indexOf('=')
  if (equals < 1 || equals === text.length - 1)
    return `--only ${quote(text)}: must be an axis and a pattern, such as --only 'quantization=q4*'`
  const [key, glob] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()]
  const valueOf = valueIn(key, cells)
  if (typeof valueOf === 'string') return `--only ${quote(text)}: ${valueOf}`
  const values = [...new Set(cells.map(valueOf))]
  if (values.some((value) => matches(value, glob))) return { text, key, glob, valueOf }
  const hint = didYouMean(glob, values) || `; values here: ${values.slice(0, mostNamed).join(', ')}`
  return `--only ${quote(text)}: no cell has such a value${hint}`
}

/** How a cell's value of an axis, a name or a dotted path is found, as text; what is wrong with the key where there is none. */
function valueIn(key: string, cells: readonly Cell[]): Only['valueOf'] | string {
  const axes = Object.keys(cells[0]?.axes ?? {})
  if (axes.includes(key)) return ({ axes: values }) => textOf(values[key])
  const meaning = meaningOf(key)
  if (meaning.kind === 'name') return ({ config }) => nameIn(config, meaning.name)
  if (meaning.kind === 'unknown') {
    const near = didYouMean(key, axes)
    return near === '' ? `${quote(key)} ${meaning.message}` : `there is no axis ${quote(key)}${near}`
  }
  const { section, path } = meaning
  if (section === 'limits') return 'limits make no cells: name what differs between them'
  const valueOf = ({ config }: Cell) => textOf(valueAt(config[section], path) as JsonValue | undefined)
  return cells.some((cell) => valueOf(cell) !== '') ? valueOf : `no cell has the path ${quote(key)}${pathHint(key)}`
}

function nameIn(config: Cell['config'], name: NameKey): string {
  return name === 'quantization' ? config.quantization : config[name].name
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
