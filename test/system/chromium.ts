import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { describe } from 'vitest'

const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** In CI a missing browser is a failure, elsewhere a skip. */
export const inChromium = describe.skipIf(!existsSync(executablePath) && process.env['CI'] === undefined)

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args })
}
