import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { CommandLine } from '../cli/command-line.ts'
import { storeHostilePlan } from '../cli/hostile-store.ts'
import { inChromium, startChromium } from './chromium.ts'

inChromium('a report on a store full of hostile text', () => {
  test.each(['light', 'dark'] as const)('shows it as text and runs nothing of it, %s', async (colorScheme) => {
    using lab = new CommandLine()
    storeHostilePlan(lab.store)
    expect(await lab.run(['report', 'latest', '-o', 'x.html'])).toMatchObject({ exitCode: 0 })
    const browser = await startChromium()
    try {
      const page = await browser.newPage({ colorScheme, viewport: { width: 360, height: 800 } })
      const complaints: string[] = []
      const requests: string[] = []
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
      page.on('request', (request) => requests.push(request.url()))
      const url = pathToFileURL(lab.at('x.html')).href
      await page.goto(url)
      await page.locator('html[data-charts]').waitFor({ state: 'attached' })
      for (const details of await page.locator('details').all())
        await details.evaluate((element) => void ((element as { open?: boolean }).open = true))
      expect(complaints).toEqual([])
      expect(requests.filter((each) => !each.startsWith('data:') && !each.startsWith('blob:'))).toEqual([url])
      const text = await page.locator('body').innerText()
      expect(text).toContain('=1+1<script>alert(1)</script><img src=x onerror=alert(2)>')
      expect(text).toContain('{{x}} {{{y}}}')
      expect(text).toContain(String.raw`\u202ereversed`)
      expect(text).not.toContain('\u202e')
      expect(text.length).toBeLessThan(1_000_000)
      expect(await page.locator('img, iframe, object, embed').count()).toBe(0)
      expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0)
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(wide).toBe(0)
    } finally {
      await browser.close()
    }
  })
})
