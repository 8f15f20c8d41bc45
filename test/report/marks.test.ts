import { beforeAll, describe, expect, test } from 'vitest'
import { colourCount, markOf } from '../../lib/report/marks.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'

let style: string
beforeAll(async () => {
  ;({ style } = await loadTemplates())
})

/** The custom properties of the nth `:root` block: light first, then dark. */
function colours(nth: number): Map<string, string> {
  const block = [...style.matchAll(/:root \{([^}]*)\}/g)][nth]?.[1] ?? ''
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name ?? '', colour ?? '']),
  )
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** As WCAG 2 defines it. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe.each([
  ['light', 0],
  ['dark', 1],
])('on %s', (_, nth) => {
  test('every mark is seen on paper and card', () => {
    const found = colours(nth)
    for (let arm = 1; arm <= colourCount; arm += 1)
      for (const paper of ['paper', 'card'])
        expect(
          contrast(found.get(`arm-${arm}`) ?? '', found.get(paper) ?? ''),
          `arm-${arm} on ${paper}`,
        ).toBeGreaterThan(3)
  })

  test('colours of numbers go evenly from the paper to its opposite, and each has an ink that can be read on it', () => {
    const found = colours(nth)
    const heat = [1, 2, 3, 4, 5, 6, 7].map((shade) => found.get(`heat-${shade}`) ?? '')
    const lightness = heat.map((colour) => 116 * Math.cbrt(luminance(colour)) - 16)
    const steps = lightness.slice(1).map((each, at) => each - (lightness[at] ?? 0))
    for (const step of steps) expect(Math.abs(step / (nth === 0 ? -12.5 : 12.5) - 1)).toBeLessThan(0.25)
    for (const [at, colour] of heat.entries())
      expect(contrast(colour, found.get(`on-heat-${at + 1}`) ?? ''), `heat-${at + 1}`).toBeGreaterThan(4.5)
  })

  test('every text can be read on paper and card', () => {
    const found = colours(nth)
    for (const ink of ['ink', 'soft', 'accent', 'good', 'warn'])
      for (const paper of ['paper', 'card'])
        expect(contrast(found.get(ink) ?? '', found.get(paper) ?? ''), `${ink} on ${paper}`).toBeGreaterThan(4.5)
  })
})

test('56 values differ in colour or in shape', () => {
  expect(new Set(Array.from({ length: 56 }, (_, index) => `${markOf(index).colour} ${markOf(index).shape}`)).size).toBe(
    56,
  )
})
