// Exports a plan and prints `{ seconds, peakBytes }`: in a process of its own, so that the memory is its own too.
import { writeFileSync } from 'node:fs'
import { exportPlan, type ExportFormat } from '../../lib/exchange/export-plan.ts'
import { openStore } from '../../lib/store/open-store.ts'

const [store = '', planId = '', format = '', file = ''] = process.argv.slice(2)
using opened = openStore({ file: store, mode: 'read' })
const start = performance.now()
for (const piece of exportPlan(opened, { planId, format: format as ExportFormat }))
  writeFileSync(file, piece, { flag: 'a' })
const seconds = (performance.now() - start) / 1000
process.stdout.write(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }))
