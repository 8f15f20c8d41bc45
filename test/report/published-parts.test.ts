import { expect, test } from 'vitest'
import { fillPost } from '../../lib/report/fill-post.ts'
import { postPage } from '../../lib/report/post-page.ts'
import { publishedBindings } from '../../lib/report/published-bindings.ts'
import { wordsOf } from '../../lib/report/words.ts'
import { parsePost } from '../../lib/report/post-source.ts'
import { type postNames, publishedOf } from './published-of.ts'

const filled = async (name: (typeof postNames)[number], text: string, language: 'en' | 'ko' = 'en') => {
  const { bindings } = await publishedOf(name, language)
  return fillPost(parsePost('reports/posts/mine.md', text), bindings, ({ id }) => id).body
}

test('every post begins with whose figures these are, whatever its author writes', async () => {
  expect(await filled('ollama-machines', 'Mine.')).toMatchInlineSnapshot(`
    "> The figures are those printed in [로컬 LLM 및 다양한 시스템에서 VLM 실행 시 처리량 성능 비교 (Comparing Throughput Performance of Running Local LLMs and VLM on different systems)](https://medium.com/aidatatools/comparing-throughput-performance-of-running-local-llms-and-vlm-on-different-systems-ca4ca82c8edc), 2024-05-23. Benchbook measured none of them: it shows them as printed, and computes again what follows from them.

    Mine.
    "
  `)
  expect(await filled('openshift-llama2', 'Mine.', 'ko')).toMatchInlineSnapshot(`
    "> 여기의 수치는 [Evaluating LLM inference performance on Red Hat OpenShift AI](https://www.redhat.com/en/blog/evaluating-llm-inference-performance-red-hat-openshift-ai), David Gray (Red Hat)에 적힌 값입니다. Benchbook이 측정한 것은 없으며, 적힌 그대로 보여 주고 거기서 따라 나오는 값을 다시 계산합니다. 그 글에 없고 따로 계산하거나 측정하거나 찾아본 것: 정가로 계산한 g5.48xlarge.

    Mine.
    "
  `)
})

test('what a post shows that is not of it is said to be measured, and counts as no claim of it', async () => {
  expect(await filled('local-llm-terms', '{{answer}}')).toMatchInlineSnapshot(`
    "> The figures are those printed in \\[Local LLM\\] 개념정리, 안규원, 2024-05-29. Benchbook measured none of them: it shows them as printed, and computes again what follows from them. Not of that post, but computed, measured or looked up beside it: The demo model in ten formats, measured with experiments/ladder.yaml.

    13 results checked. As printed: 6; different: 1; not testable: 6.
    "
  `)
})

test('a source that is no address of the web is no link, and no title of one ends it', async () => {
  const { stored } = await publishedOf('ollama-machines', 'en')
  const { bindings } = await publishedOf('ollama-machines', 'en')
  const at = (href: string) =>
    fillPost(
      parsePost('x.md', ''),
      { ...bindings, provenance: { text: 'Of a [b](c) {{x}}.', linked: 'a [b](c)', href } },
      () => '',
    ).body
  expect(stored.post.source.url).toMatch(/^https:/)
  expect(at('javascript:alert(1)')).toBe('> Of a \\[b\\](c) &#123;&#123;x&#125;&#125;.\n')
  expect(at('https://a.example/x) "y" {% z %}')).toBe(
    '> Of [a \\[b\\](c)](https://a.example/x%29%20%22y%22%20%7B%%20z%20%%7D) &#123;&#123;x&#125;&#125;.\n',
  )
})

test('claims have first what differs, then what cannot be tested; what holds is closed in a page', async () => {
  const { source, bindings, ...of } = await publishedOf('openshift-llama2', 'en')
  const text = await filled('openshift-llama2', '{{claims}}')
  const titles = [...text.matchAll(/^\*\*(.*)\*\*$/gm)].map(([, title]) => title)
  expect(titles).toMatchInlineSnapshot(`
    [
      "Different (10)",
      "Not testable (6)",
      "As printed (33)",
      "Columns computed from others",
      "Columns held to other sources",
      "Statements",
    ]
  `)
  const page = await postPage({ ...source, body: '{{claims}}' }, { ...of, bindings, summary: 'null', printed: '' })
  const [, fold = ''] = /<details><summary>As printed \(33\)<\/summary>([\s\S]*?)<\/details>/.exec(page.html) ?? []
  expect(fold.match(/<table>/g)).toHaveLength(2)
  expect(fold.match(/<li>/g)).toHaveLength(9)
})

test('a chart is told in words to who cannot see it', async () => {
  const { source, bindings, ...of } = await publishedOf('bllossom-awq', 'en')
  const page = await postPage(
    { ...source, body: '{{chart "rate"}}' },
    { ...of, bindings, summary: 'null', printed: '' },
  )
  const [, label] = /role="img" aria-label="([^"]*)"/.exec(page.html) ?? []
  expect(label).toBe(
    'awq-vllm has the most in each, up to 95.78 tokens/s; awq the least, down to 15.81 tokens/s. Horizontal bars of Tokens per second for each prompt: from awq-vllm (95.78 tokens/s) down to awq (15.81 tokens/s).',
  )
})

test('a question in two languages is asked in that of the page', async () => {
  const question = { en: 'Why?', ko: '왜?' }
  const asked = async (language: 'en' | 'ko') => {
    const { stored, template } = await publishedOf('ollama-machines', language)
    return publishedBindings({ stored, experiment: { question }, words: wordsOf(template.strings), command: '' })
      .question
  }
  expect([await asked('en'), await asked('ko')]).toEqual(['Why?', '왜?'])
})
