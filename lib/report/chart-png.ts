import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'

const { resolve } = createRequire(import.meta.url)
const family = 'Noto Sans KR'
// Drawn twice as large, for screens of twice the pixels.
const zoom = 2
// Between thousands; the face has neither, and its no-break space is hardly wider.
const thinSpaces = /[\u2009\u202f]/g

/**
 * Draws an SVG of `staticChart` as a PNG of twice its size, on white. Text is set in Noto Sans KR, which has Latin and Hangul
 * and comes with the package, whatever faces the machine has: the same bytes everywhere.
 */
export function chartPng(svg: string): Uint8Array {
  const drawn = new Resvg(
    svg.replaceAll(thinSpaces, '\u00a0').replaceAll(/font-family="[^"]*"/g, `font-family="${family}"`),
    {
      background: '#ffffff',
      fitTo: { mode: 'zoom', value: zoom },
      font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: family, sansSerifFamily: family },
    },
  )
  return drawn.render().asPng()
}

function fontFiles(): string[] {
  return ['400Regular', '700Bold'].map((weight) =>
    resolve(`@expo-google-fonts/noto-sans-kr/${weight}/NotoSansKR_${weight}.ttf`),
  )
}
