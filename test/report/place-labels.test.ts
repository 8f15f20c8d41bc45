import { expect, test } from 'vitest'
import { besideRules } from '../../lib/report/beside-rules.ts'
import { placeLabels } from '../../lib/report/place-labels.ts'
import { textWidth } from '../../lib/report/text-width.ts'

const plot = { width: 400, height: 300 }

test('a label stands to the right of its mark where there is room', () => {
  expect(placeLabels([{ x: 100, y: 100, text: 'a' }], plot)).toEqual([{ dx: 9, dy: 0, align: 'left', shown: true }])
})

test('no label covers another, a mark or the axis, however the marks lie', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const next = random(seed)
    const marks = Array.from({ length: 14 }, (_, index) => ({
      x: next() * plot.width,
      y: next() * plot.height,
      text: index % 2 === 0 ? `RTX ${index}` : `양자화 모델 ${index}`,
    }))
    const boxes = placeLabels(marks, plot).flatMap((place, index) => {
      const { x, y, text } = marks[index] ?? { x: 0, y: 0, text: '' }
      const width = textWidth(text, 12)
      const left = x + place.dx - { left: 0, center: width / 2, right: width }[place.align]
      return place.shown ? [{ left, right: left + width, middle: y + place.dy }] : []
    })
    expect(boxes.length, 'nearly all find a place').toBeGreaterThan(11)
    for (const [index, a] of boxes.entries()) {
      expect(a.left).toBeGreaterThan(0)
      for (const b of boxes.slice(index + 1))
        expect(a.left < b.right && b.left < a.right && Math.abs(a.middle - b.middle) < 14).toBe(false)
      for (const { x, y } of marks) expect(x > a.left && x < a.right && Math.abs(y - a.middle) < 7).toBe(false)
    }
  }
})

test('a label keeps clear of a line where it can', () => {
  const line = Array.from({ length: 40 }, (_, index) => ({ x: 100 + 5 * index, y: 100 }))
  expect(placeLabels([{ x: 100, y: 100, text: 'RTX 3060' }], plot, line)).toMatchObject([{ align: 'right' }])
})

test('a label that finds no place is said to have none', () => {
  const marks = Array.from({ length: 30 }, () => ({ x: 200, y: 150, text: 'the same place' }))
  expect(placeLabels(marks, plot).filter(({ shown }) => shown).length).toBeLessThan(12)
})

test('a text goes to the other side of its mark rather than across an upright line, but not into the axis', () => {
  expect(besideRules(100, '$34.7', [120])).toEqual({ align: 'right', dx: -9 })
  expect(besideRules(100, '$34.7', [90])).toEqual({ align: 'left', dx: 9 })
  expect(besideRules(20, '$34.7', [40])).toEqual({ align: 'left', dx: 9 })
})

/** Park and Miller's generator. */
function random(seed: number): () => number {
  let state = seed * 7919
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
