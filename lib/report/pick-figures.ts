import { didYouMean } from '../domain/nearest.ts'
import { chartNames, postChartNames } from './chart.ts'
import { AskProblem, type PostAsk } from './post-ask.ts'
import type { PostFigure } from './post-figure.ts'

/** The figures that a post asks for, by their own name or by that of their kind of chart: `one` alone, or `all` that there are. */
export function pickFigures(
  figures: readonly PostFigure[],
  { words, options }: PostAsk,
  many: 'one' | 'all',
): readonly PostFigure[] {
  for (const option of Object.keys(options))
    if (option !== 'table') throw new AskProblem(`a chart has no option ${option}: it has table=true`)
  const named = (word: string) => {
    const own = figures.filter(({ id }) => id === word)
    return own.length > 0 ? own : figures.filter(({ chart }) => chart === word)
  }
  if (many === 'all') {
    for (const word of words) if (named(word).length === 0 && !isChart(word)) throw noChart(word, figures)
    return words.length === 0 ? figures : [...new Set(words.flatMap(named))]
  }
  const [word] = words
  if (word === undefined || words.length > 1)
    throw new AskProblem(`name one chart, as in {{chart "${figures[0]?.id ?? 'speed'}"}}`)
  const found = named(word)
  if (found.length === 1) return found
  if (found.length === 0) throw noChart(word, figures)
  throw new AskProblem(
    `"${word}" is ${found.length} charts: name one of ${listed(found)}, or take all of them with {{charts "${word}"}}`,
  )
}

const isChart = (word: string) => [...chartNames, ...postChartNames].some((name) => name === word)
const listed = (figures: readonly PostFigure[]) => figures.map(({ id }) => id).join(', ') || 'none'

function noChart(word: string, figures: readonly PostFigure[]): AskProblem {
  const near = didYouMean(word, [...figures.map(({ id }) => id), ...chartNames])
  return new AskProblem(`there is no chart "${word}"${near || ':'} there is ${listed(figures)}`)
}
