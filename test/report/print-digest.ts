// Run by same-bytes.test.ts: prints the digests of a report in every language, and of a post as a page, as Markdown and as its images.
import { createHash } from 'node:crypto'
import { loadPost } from '../../lib/report/post-files.ts'
import { postMarkdown } from '../../lib/report/post-markdown.ts'
import { postPage } from '../../lib/report/post-page.ts'
import { renderReport } from '../../lib/report/render-report.ts'
import { languagesOf, loadTemplates } from '../../lib/report/template-files.ts'
import { troubledFixture } from './ab-fixture.ts'
import { eventfulFixture } from './eventful-fixture.ts'
import { bindingsOf, template } from './post-of.ts'
import { publishedMarkdown, publishedOf } from './published-of.ts'

const data = eventfulFixture({ blocks: 2 })
const languages = await languagesOf()
const reports = languages.map(async (language) =>
  renderReport(data, { template: await loadTemplates(undefined, language) }),
)
reports.push(renderReport(troubledFixture(), { template: await loadTemplates() }))
const source = await loadPost('/nowhere', { name: 'none', language: 'en' })
const options = { bindings: bindingsOf(data), template, language: 'en' }
const page = await postPage(source, { ...options, summary: '{}', printed: '' })
const place = { folder: 'x', url: 'x', format: 'svg' } as const
const { text, images } = await postMarkdown(source, { ...options, images: place })
const made = [...(await Promise.all(reports)), page.html, text, ...images.map(({ content }) => content)]
const korean = await publishedOf('gpu-survey', 'ko')
const survey = await postPage(korean.source, { ...korean, summary: 'null', printed: '' })
const published = await publishedMarkdown('bllossom-awq', 'ko')
made.push(survey.html, published.text, ...published.images.map(({ content }) => content))
const digests = made.map((content) => createHash('sha256').update(content).digest('hex'))
process.stdout.write(digests.join('\n'))
