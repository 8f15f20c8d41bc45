import { expect, test } from 'vitest'
import { bodyOf, filled, refusal } from './filled-post.ts'

test('what cannot be read is told with its place, too', () => {
  expect(
    [
      refusal('a\n{{valeu metric="x"}}'),
      refusal('---\n---\n\n{{answr}}'),
      refusal('a\n{{#if title}}'),
      refusal('{{value metric=}}'),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "reports/posts/mine.md:2:1: there is no {{valeu}}, did you mean "value"? a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:4:1: there is no {{answr}}, did you mean "answer"? a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:2:1: {{#if title}} is not closed: end it with {{/if}}
    reports/posts/mine.md:1:1: {{value metric=}} cannot be read: it is {{name}}, {{name option="value"}} or {{#if name}}; to have braces as they stand, write \\{{"
  `)
})

test('what would go unheard is refused', () => {
  const text = `{{value metric="decode_tps" quantization="f16" change=true}} {{value metric="decode_tps" quantization="f16" to="q4_0"}}
{{value metric="decode_tps" quantization="f16" interval=yes}} {{value metric="decode_tps" quantization="f16" unit="yes"}}
{{ratio metric="decode_tps" of="q4_0" to="f16" unit=true}} {{chart "speed" table="no"}} {{charts sort="x"}}
{{value metric="decode_tps" metric="load_ms" quantization="f16"}} {{title "x"}} {{value metric="decode_tps" constructor="f16"}}
{{value metric="decode_tps" __proto__="f16"}} {{#if chart}}x{{/if}} {{value metric="decode_tps" quantization=(value)}}
`
  expect(refusal(text)).toMatchInlineSnapshot(`
    "reports/posts/mine.md:1:1: there is no axis change: the axes are model, quantization, backend.threads, workload; options are metric, interval, unit, digits, of
    reports/posts/mine.md:1:62: there is no axis to: the axes are model, quantization, backend.threads, workload; options are metric, interval, unit, digits, of
    reports/posts/mine.md:2:57: yes wants quotes: interval="yes"
    reports/posts/mine.md:2:63: unit is to be true or false, not yes
    reports/posts/mine.md:3:1: there is no axis unit: the axes are model, quantization, backend.threads, workload; options are metric, of, to, change, digits
    reports/posts/mine.md:3:60: table is to be true or false, not no
    reports/posts/mine.md:3:89: a chart has no option sort: it has table=true
    reports/posts/mine.md:4:1: metric is given twice
    reports/posts/mine.md:4:67: {{title}} takes nothing
    reports/posts/mine.md:4:81: there is no axis constructor: the axes are model, quantization, backend.threads, workload; options are metric, interval, unit, digits, of
    reports/posts/mine.md:5:1: there is no axis __proto__: the axes are model, quantization, backend.threads, workload; options are metric, interval, unit, digits, of
    reports/posts/mine.md:5:53: {{chart}} stands in brackets here, as in (chart …)
    reports/posts/mine.md:5:110: (…) wants quotes: quantization="(…)""
  `)
})

test('a post has names, questions and conditions, and nothing else of Handlebars', () => {
  const texts = [
    '{{> page}}',
    '{{#*inline "x"}}{{> x}}{{/inline}}',
    '{{constructor}} {{__proto__}} {{toString}} {{this}} {{.}} {{../title}} {{@root.title}} {{title.length}}',
    '{{lookup this "x"}} {{log "x"}} {{helperMissing}} {{"title"}} {{12}}',
    '{{#each title}}x{{/each}} {{#with title}}x{{/with}} {{#value metric="x"}}x{{/value}} {{#if title question}}x{{/if}}',
    '{{#if fatcs}}x{{/if}}',
    '{{{{raw}}}} {{ page.title }} {{{{/raw}}}}',
    '{% x %} {{< youtube x >}} and\n{{ page.title | escape }} {{value metric="x"}}',
    'x {{/if}}',
    'x {{answer',
    '{{!-- x }}',
    '{{'.repeat(500_000),
    '{{#if title}}'.repeat(30_000),
    '---\ntitle: x\nnot closed\n',
  ]
  expect(texts.map((text) => refusal(text)).join('\n')).toMatchInlineSnapshot(`
    "reports/posts/mine.md:1:1: a post has no partials and no decorators: to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: a post has no partials and no decorators: to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: there is no {{constructor}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:17: there is no {{__proto__}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:31: there is no {{toString}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:44: there is no {{this}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:53: there is no {{.}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:59: there is no {{../title}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:72: there is no {{@root.title}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:88: there is no {{title.length}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: there is no {{lookup}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:21: there is no {{log}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:33: there is no {{helperMissing}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:63: there is no {{12}}: a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: there is no {{#each}}: a post has {{#if …}} and {{#unless …}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:27: there is no {{#with}}: a post has {{#if …}} and {{#unless …}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:53: there is no {{#value}}: a post has {{#if …}} and {{#unless …}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:86: {{#if}} takes one thing, as in {{#if question}} or {{#if (charts "memory")}}
    reports/posts/mine.md:1:7: there is no {{fatcs}}, did you mean "facts"? a post has value, ratio, verdict, table, chart, charts, title, question, answer, facts, warnings, method, versions, rebuild; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: there is no {{#raw}}: a post has {{#if …}} and {{#unless …}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:9: {{< youtube x >}} cannot be read: it is {{name}}, {{name option="value"}} or {{#if name}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:2:1: {{ page.title | escape }} cannot be read: it is {{name}}, {{name option="value"}} or {{#if name}}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:3: {{/if}} closes nothing
    reports/posts/mine.md:1:3: {{ is not closed: end it with }}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: {{ is not closed: end it with }}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:1: {{ is not closed: end it with }}; to have braces as they stand, write \\{{
    reports/posts/mine.md:1:261: more than 20 {{#…}} are nested: make it flatter
    reports/posts/mine.md:1:1: begins front matter that does not end: put a line of --- below it"
  `)
})

test('braces stay as they are behind a backslash, and comments go', () => {
  expect(bodyOf('`\\{{ page.title }}` \\{{value metric="x"}} {{!-- {{answer}} }} --}}{{! b }}{{title}}')).toBe(
    '`{{ page.title }}` {{value metric="x"}} Does quantizing pay on this CPU?',
  )
})

test('a condition holds where there is something, and what it asks about is not shown by it', () => {
  const text =
    '{{#if (charts "memory")}}a{{else}}b{{/if}}{{#unless warnings}}c{{else if title}}d{{/unless}}{{^if title}}e{{/if}}'
  expect(filled(text)).toMatchObject({ body: 'ad\n', figures: [] })
})

const head = (title: string) => `---\ntitle: "${title}"\ndescription: "*{{question}}*"\n---\nx`

test('title and description are bound as the prose is, as plain text', () => {
  expect(filled(head(`{{value metric='decode_tps' quantization='q4_0' unit=true}}`))).toMatchObject({
    title: '5\u202f461\u00a0tokens/s',
    description: expect.stringMatching(/^\*What do Q8_0 .*\?\*$/),
  })
  expect(refusal(head('{{answer}}'))).toMatchInlineSnapshot(
    `"reports/posts/mine.md:2:8: there is no {{answer}}: a post has value, ratio, verdict, title, question; to have braces as they stand, write \\{{"`,
  )
  expect(refusal(head('{{value}}'))).toMatchInlineSnapshot(
    `"reports/posts/mine.md:2:8: no metric is named: add one, as in metric="decode_tps"; benchbook explain lists all"`,
  )
})
