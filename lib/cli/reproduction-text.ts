import { plain } from '../domain/plain.ts'
import type { Plan } from '../domain/plan.ts'
import type {
  ReproducedMetric,
  Reproduction,
  ReproductionOutcome,
  ReproductionReason,
  SetupDifference,
} from '../domain/reproduction.ts'
import type { MetricComparison } from '../domain/verdict.ts'
import type { OpenedBundle } from '../lab/open-bundle.ts'
import { armNames, type ComparedNames } from '../report/arm-names.ts'
import { loadTemplates } from '../report/template-files.ts'
import { changeTexts } from '../report/verdict-numbers.ts'
import { verdictSentence } from '../report/verdict-words.ts'
import { type Words, wordsOf } from '../report/words.ts'
import { metricHead, metricText } from './show-command.ts'
import { shown } from './shown.ts'
import { textTable } from './text-table.ts'
import { wrapped } from './wrapped.ts'

export type TextOfReproduction = {
  bundle: Pick<OpenedBundle, 'file' | 'digest' | 'plan'>
  plan: Plan
  reproduction: Reproduction
  setup: readonly SetupDifference[]
  /** Where the report of the plan is. */
  report?: string | undefined
}

/** What came of a reproduction, for a terminal: the answer first, then what it rests on. */
export async function reproductionText({
  bundle,
  plan,
  reproduction,
  setup,
  report,
}: TextOfReproduction): Promise<string> {
  const words = wordsOf((await loadTemplates()).strings)
  const { pairs, outcome } = reproduction
  const named = pairs.map((pair) => ({ ...pair, names: armNames(bundle.plan, pair, words) }))
  return [
    `${answers[outcome]}\n\n`,
    textTable(
      [{ head: '' }, { head: 'plan' }, { head: 'blocks' }, { head: 'sha256' }],
      [
        ['there', bundle.plan.id, String(bundle.plan.blocks), bundle.digest.slice(0, 12)],
        ['here', plan.id, String(plan.blocks), ''],
      ],
    ),
    ...named.map((pair) => pairText(pair, words)),
    valuesText(named),
    setupText(setup),
    report === undefined ? '' : `\nreport: ${report}\n`,
  ].join('')
}

const answers: Record<ReproductionOutcome, string> = {
  reproduced: 'Reproduced: what the bundle says of its arms was found again here.',
  'not-reproduced': 'Not reproduced: this machine says otherwise of the arms than the bundle.',
  inconclusive: 'Inconclusive: it is open whether what the bundle says of its arms holds here.',
  'not-comparable': 'Not comparable: there are no two verdicts to hold against each other.',
}

const outcomes: Record<ReproducedMetric['outcome'], string> = {
  reproduced: 'reproduced',
  'not-reproduced': 'not reproduced',
  inconclusive: 'inconclusive',
  'not-comparable': 'not comparable',
  'nothing-claimed': 'nothing claimed',
}

const reasons: Record<ReproductionReason, string> = {
  'same-direction': 'same direction, overlapping intervals',
  'size-open':
    'same direction, but one interval reaches twice what the other lab found: more blocks may decide (--blocks)',
  'both-within': 'both within the margin, overlapping intervals',
  apart: 'the two intervals have nothing in common',
  opposite: 'the two are in opposite directions',
  'within-and-beyond': 'within the margin in one of the two, beyond it in the other',
  'open-here': 'what was measured here leaves it open: more blocks may decide (--blocks)',
  'no-verdict-here': 'there is no verdict on it here',
  'not-measured-here': 'it was not measured here',
  'open-there': 'the bundle itself leaves it open',
  'no-verdict-there': 'the bundle itself has no verdict on it',
}

type NamedPair = Reproduction['pairs'][number] & { names: ComparedNames & { place: string } }

function pairText({ metrics: all, names }: NamedPair, words: Words): string {
  const head = `\n${plain(names.against)} against ${plain(names.base)}${names.place === '' ? '' : `, ${plain(names.place)}`}\n`
  const rows = all.map((each) => [
    `${each.metric}${each.declared ? '' : ' *'}`,
    changeText(each.there, words),
    each.here === undefined ? '–' : changeText(each.here, words),
    outcomes[each.outcome],
  ])
  const exploratory = all.some(({ declared }) => !declared) ? '* not declared beforehand: exploratory\n' : ''
  const table = textTable([{ head: 'metric' }, { head: 'there' }, { head: 'here' }, { head: '' }], rows)
  return `${head}${table}${exploratory}${all.map((each) => `${whyText(each, names, words)}\n`).join('')}`
}

function changeText({ metric, margin, estimate }: MetricComparison, words: Words): string {
  if (estimate === undefined) return '–'
  const { signed, range } = changeTexts({ metric, margin, estimate }, estimate.interval, words)
  return `${signed} (${range})`
}

/** Why, and where there is no verdict, what is said in its place. */
function whyText({ metric, reason, there, here }: ReproducedMetric, names: ComparedNames, words: Words): string {
  const instead = reason === 'no-verdict-there' ? there : reason === 'no-verdict-here' ? here : undefined
  const said = instead === undefined ? '' : `. ${verdictSentence(instead, names, words)}`
  return wrapped(plain(`${metric}: ${reasons[reason]}${said}`))
}

function valuesText(pairs: readonly NamedPair[]): string {
  const rows = pairs.flatMap(({ metrics: all, names }) =>
    all.flatMap(({ metric, values: { there, here } }) => {
      if (there === undefined && here === undefined) return []
      const text = (value: number | undefined) => (value === undefined ? '–' : metricText(metric, value))
      return (['base', 'against'] as const).map((arm) => [
        metricHead(metric),
        names[arm],
        text(there?.[arm]),
        text(here?.[arm]),
      ])
    }),
  )
  if (rows.length === 0) return ''
  const right = ['there', 'here'].map((head) => ({ head, align: 'right' as const }))
  return `\nThe arms' own values: of two machines, so that nothing is said of them\n${textTable([{ head: 'metric' }, { head: 'arm' }, ...right], rows)}`
}

const widest = 30

function cut(text = '–'): string {
  const one = shown(text)
  return one.length > widest ? `${one.slice(0, widest)}…` : one
}

function setupText(setup: readonly SetupDifference[]): string {
  if (setup.length === 0) return '\nThe two setups are the same, as far as either tells.\n'
  const rows = setup.map(({ field, there, here }) => [field, cut(there), cut(here)])
  return `\nWhat differs between the two setups (--json has it whole)\n${textTable([{ head: '' }, { head: 'there' }, { head: 'here' }], rows)}`
}
