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

// Machado, Oliveira and Fernandes (2009), severity 1: what of linear red, green and blue is left to whoever lacks one kind of cone.
const blindness = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const

const mixed = (by: readonly number[], of: readonly number[]) =>
  by.reduce((sum, part, at) => sum + part * (of[at] ?? 0), 0)

/** CIE L*a*b* (D65) of a colour as it is seen with `seen`. */
function lab(colour: string, seen: readonly (readonly number[])[]): readonly number[] {
  const linear = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  const rgb = seen.map((row) => Math.min(1, Math.max(0, mixed(row, linear))))
  const xyz = [
    mixed([0.4124, 0.3576, 0.1805], rgb) / 0.9505,
    mixed([0.2126, 0.7152, 0.0722], rgb),
    mixed([0.0193, 0.1192, 0.9505], rgb) / 1.089,
  ]
  const [x = 0, y = 0, z = 0] = xyz.map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116))
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

test.each([
  ['light', 0],
  ['dark', 1],
])('on %s no two colours of arms look alike to who lacks one kind of cone', (_, nth) => {
  const found = colours(nth)
  const arms = Array.from({ length: colourCount }, (__, at) => found.get(`arm-${at + 1}`) ?? '')
  for (const [name, seen] of Object.entries(blindness)) {
    const labs = arms.map((colour) => lab(colour, seen))
    const close = labs.flatMap((one, at) =>
      labs.slice(at + 1).flatMap((other, after) => {
        const apart = Math.hypot(...one.map((value, axis) => value - (other[axis] ?? 0)))
        return apart < 12 ? [`arm-${at + 1} and arm-${at + after + 2}: ${apart.toFixed(1)}`] : []
      }),
    )
    expect(close, name).toEqual([])
  }
})
