// Run by same-bytes.test.ts: prints the digest of a report.
import { createHash } from 'node:crypto'
import { renderReport } from '../../lib/report/render-report.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { eventfulFixture } from './eventful-fixture.ts'

const html = await renderReport(eventfulFixture({ blocks: 2 }), { template: await loadTemplates() })
process.stdout.write(createHash('sha256').update(html).digest('hex'))
