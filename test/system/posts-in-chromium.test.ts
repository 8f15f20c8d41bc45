import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect, test } from 'vitest'
import { postPage } from '../../lib/report/post-page.ts'
import { temporaryFolder } from '../store/example.ts'
import { publishedOf } from '../report/published-of.ts'
import { inChromium, reportInChromium, looks } from './chromium.ts'

const axe = createRequire(import.meta.url).resolve('axe-core')

inChromium('a post with pictures of its author', () => {
  const { opened, complaints } = reportInChromium(async () => {
    using folder = temporaryFolder()
    const { source, ...of } = await publishedOf('ollama-machines', 'en')
    writeFileSync(
      folder.at('desk.svg'),
      `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><script>alert(1)</script></svg>`,
    )
    const body = '![my desk](desk.svg)'
    return (await postPage({ ...source, body, folder: folder.path }, { ...of, summary: 'null', printed: '' })).html
  })

  test('shows them, and no script of theirs runs', async () => {
    const alerts: string[] = []
    await opened({}, async (page) => {
      page.on('dialog', (dialog) => alerts.push(dialog.message()))
      await page.reload()
      expect(
        await page
          .getByAltText('my desk')
          .evaluate((node) => (node as unknown as { naturalWidth: number }).naturalWidth),
      ).toBe(40)
    })
    expect([alerts, complaints]).toEqual([[], []])
  })
})

for (const [name, language] of [
  ['gpu-survey', 'en'],
  ['bllossom-awq', 'ko'],
  ['openshift-llama2', 'ko'],
] as const)
  inChromium(`the post ${name} in ${language}`, () => {
    const { opened, complaints } = reportInChromium(async () => {
      const { source, ...of } = await publishedOf(name, language)
      return (await postPage(source, { ...of, summary: 'null', printed: '' })).html
    })

    test.each(looks)(
      'on %s axe finds nothing serious, and nothing is wider than the page',
      async (_, options) => {
        await opened({ ...options, bypassCSP: true }, async (page) => {
          const width = options.viewport?.width ?? 1180
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
          await page.addScriptTag({ path: axe })
          await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
          const { violations } = (await page.evaluate('axe.run()')) as AxeResults
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
          expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
        })
        expect(complaints).toEqual([])
      },
      60_000,
    )

    test('is printed on A4 with nothing cut', async () => {
      await opened({ viewport: { width: 672, height: 1000 } }, async (page) => {
        await page.emulateMedia({ media: 'print' })
        const cut = await page
          .locator('main table, figure svg.marks')
          .evaluateAll((all) => all.filter((node) => node.getBoundingClientRect().right > 673).length)
        expect(cut).toBe(0)
        expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-')
      })
    })
  })
