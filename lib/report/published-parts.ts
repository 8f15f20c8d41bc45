import type { CheckedClaim, ClaimOutcome, PublishedPost } from '../domain/published.ts'
import type { StoredPost } from '../store/read-post.ts'
import { capital, claimLead, claimsWithin, linesText, outcomeText } from './claim-words.ts'
import type { PostBindings, PostLine, PostPart } from './post-bindings.ts'
import { publishedClaims } from './published-claims.ts'
import { allPublished } from './published-tables.ts'
import { inLanguage } from './table-cells.ts'
import type { Words } from './words.ts'

type Of = { stored: StoredPost; words: Words }

const sentence = (text: string): PostPart => ({ kind: 'sentence', text })

/** What stands in a post on published figures by its name: `{{answer}}`, `{{tables}}`, `{{slips}}`, `{{notes}}`, `{{claims}}`, `{{source}}`, `{{rebuild}}`. */
export function publishedParts(of: Of, commands: readonly { says: string; command: string }[]): PostBindings['parts'] {
  const { stored, words } = of
  return {
    answer: [sentence(countsText(stored.claims, words))],
    tables: allPublished(stored, words).map((table) => ({ kind: 'table', table })),
    slips: slipsOf(of),
    notes: notesOf(of),
    claims: publishedClaims(of),
    source: sourceOf(of),
    rebuild: commands.flatMap(({ says, command }) => [sentence(says), { kind: 'code' as const, text: command }]),
  }
}

/** How much of it was computed again, and what came of that; inputs apart, which are no results of the post. */
export function countsText(claims: readonly CheckedClaim[], words: Words): string {
  const inputs = claims.filter(({ kind }) => kind === 'input')
  const results = claims.filter(({ kind }) => kind !== 'input')
  const rounded = claimsWithin(results, true).length
  const ofResults = words('claims.counts', {
    ...countsOf(results),
    rounded: rounded === 0 ? '' : words('claims.counts-rounded', { n: rounded }),
  })
  return inputs.length === 0 ? ofResults : `${ofResults} ${words('claims.counts-inputs', countsOf(inputs))}`
}

function countsOf(claims: readonly CheckedClaim[]) {
  const of = (status: ClaimOutcome['status']) => claims.filter(({ outcome }) => outcome.status === status).length
  return { all: claims.length, reproduced: of('reproduced'), differs: of('differs'), untestable: of('untestable') }
}

/** What differs: first what no rounding explains. */
function slipsOf({ stored: { post, claims }, words }: Of): readonly PostPart[] {
  const differing = claims.filter(({ outcome }) => outcome.status === 'differs')
  if (differing.length === 0) return [sentence(words('claims.nothing-differs'))]
  const item = (claim: CheckedClaim) => {
    const { lines } = post.slips.find(({ of }) => of === claim.of) ?? claim
    const said = claimLead(claim, post, words)
    const outcome = outcomeText(claim, post, words)
    return [...(claim.kind === 'cell' ? [`${said}:`, outcome] : [said, capital(outcome)]), linesText(words, lines)]
      .filter((part) => part !== '')
      .join(' ')
  }
  const [amiss, rounded] = [claimsWithin(differing, false), claimsWithin(differing, true)]
  return [
    ...(amiss.length === 0 ? [] : [{ kind: 'list' as const, items: amiss.map(item) }]),
    ...(rounded.length === 0
      ? []
      : [sentence(words('claims.by-rounding')), { kind: 'list' as const, items: rounded.map(item) }]),
  ]
}

function notesOf({ stored: { post }, words }: Of): readonly PostPart[] {
  if (post.notes.length === 0) return []
  const items = post.notes.map(({ says, lines }) =>
    [inLanguage(words, says), linesText(words, lines)].filter((part) => part !== '').join(' '),
  )
  return [{ kind: 'list', items }]
}

/** Whose figures these are, and which are not of the post. */
export function provenanceOf(post: PublishedPost, words: Words): PostLine {
  const own = post.tables.filter((table) => table.own === true).map(({ title }) => inLanguage(words, title))
  const told = words('claims.provenance', { source: citedText(post) })
  const except = own.length === 0 ? '' : ` ${words('claims.provenance-own', { tables: own.join(', ') })}`
  return linked(told + except, post)
}

function sourceOf({ stored: { post }, words }: Of): readonly PostPart[] {
  const { url, measured } = post.source
  const items = [
    linked(citedText(post), post),
    ...(url === undefined ? [] : [{ text: url, linked: url, href: url }]),
    ...(measured === undefined ? [] : [words('claims.measured-by', { measured })]),
    words('claims.nothing-measured'),
  ]
  return [{ kind: 'list', items }]
}

function citedText({ source: { title, by, date } }: PublishedPost): string {
  return [title, ...(by === undefined ? [] : [by]), ...(date === undefined ? [] : [date])].join(', ')
}

const linked = (text: string, { source: { title, url } }: PublishedPost): PostLine =>
  url === undefined ? text : { text, linked: title, href: url }
