/** Where a text is no longer what it should be: the line that stands there, and both sides of what differs in it. */
export type Difference = { line: number; parts: readonly Part[] }
/** Some of a text: the same in both, only as it stands there, or only as it is now. */
export type Part = { kind: 'same' | 'was' | 'now'; text: string }

/** More than this is not held against each other word by word. */
const mostPairs = 4_000_000
const words = /\s+|[\p{L}\p{N}_]+(?:[.,\u202f][\p{L}\p{N}_]+)*|[^]/gu

/** What differs between a text as it stands somewhere and as it is now, line by line, in the order of the first. */
export function differences(there: string, now: string): Difference[] {
  const found: Difference[] = []
  let line = 1
  for (const step of alignedParts(there.split('\n'), now.split('\n'))) {
    if (step.kind === 'same') line += step.items.length
    else {
      found.push(...inHunk(line, step.was, step.now))
      line += step.was.length
    }
  }
  return found
}

type Step =
  | { kind: 'same'; items: readonly string[] }
  | { kind: 'other'; was: readonly string[]; now: readonly string[] }

/** Lines that stand against each other one by one are compared so; what came or went is one difference. */
function inHunk(line: number, was: readonly string[], now: readonly string[]): Difference[] {
  if (was.length === now.length) return was.map((text, at) => ({ line: line + at, parts: inLine(text, now[at] ?? '') }))
  return [{ line, parts: inLine(was.join('\n'), now.join('\n')) }]
}

function inLine(was: string, now: string): Part[] {
  return alignedParts(was.match(words) ?? [], now.match(words) ?? []).flatMap((step): Part[] => {
    if (step.kind === 'same') return [{ kind: 'same', text: step.items.join('') }]
    const sides: Part[] = [
      { kind: 'was', text: step.was.join('') },
      { kind: 'now', text: step.now.join('') },
    ]
    return sides.filter(({ text }) => text !== '')
  })
}

/** The longest common subsequence of two lists, with what stands between its parts. */
function alignedParts(was: readonly string[], now: readonly string[]): Step[] {
  let [start, ends] = [0, 0]
  const least = Math.min(was.length, now.length)
  while (start < least && was[start] === now[start]) start += 1
  while (ends < least - start && was[was.length - 1 - ends] === now[now.length - 1 - ends]) ends += 1
  const [a, b] = [was.slice(start, was.length - ends), now.slice(start, now.length - ends)]
  const middle: Step[] =
    a.length * b.length > mostPairs ? [{ kind: 'other', was: a, now: b }] : joined(matches(a, b), a, b)
  return [...same(was.slice(0, start)), ...middle, ...same(was.slice(was.length - ends))]
}

const same = (items: readonly string[]): Step[] => (items.length === 0 ? [] : [{ kind: 'same', items }])

type Match = readonly [number, number]

/** Which items of both are the same ones, by dynamic programming. */
function matches(a: readonly string[], b: readonly string[]): Match[] {
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const found: Match[] = []
  for (let [i, j] = [0, 0]; i < a.length && j < b.length;) {
    if (a[i] === b[j]) found.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return found
}

function joined(found: readonly Match[], a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = []
  let [i, j] = [0, 0]
  const other = (toA: number, toB: number) => {
    if (toA > i || toB > j) steps.push({ kind: 'other', was: a.slice(i, toA), now: b.slice(j, toB) })
    ;[i, j] = [toA, toB]
  }
  for (const [atA, atB] of found) {
    other(atA, atB)
    const last = steps.at(-1)
    const items = [a[atA] ?? '']
    if (last?.kind === 'same') steps[steps.length - 1] = { kind: 'same', items: [...last.items, ...items] }
    else steps.push({ kind: 'same', items })
    ;[i, j] = [atA + 1, atB + 1]
  }
  other(a.length, b.length)
  return steps
}

const context = 30
const longest = 120

/** `… decoded [-28.9-]{+30.1+} tokens/s …`: what was there, what it is now, and a little of what is around them. */
export function differenceText({ parts }: Difference): string {
  return parts
    .map(({ kind, text }, at) => {
      const line = text.replaceAll(/\s+/g, ' ')
      if (kind !== 'same') return kind === 'was' ? `[-${cut(line)}-]` : `{+${cut(line)}+}`
      return around(line, { first: at === 0, last: at === parts.length - 1 })
    })
    .join('')
    .trim()
}

const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest)}…` : text)

function around(text: string, { first, last }: { first: boolean; last: boolean }): string {
  const [before, after] = [first ? 0 : context, last ? 0 : context]
  if (text.length <= before + after + 1) return text
  return `${text.slice(0, before)}…${after === 0 ? '' : text.slice(-after)}`
}
