import { expect, test } from 'vitest'
import { readPost } from '../../lib/published/read-post.ts'
import { postFigureSpec } from '../../lib/report/post-figure.ts'
import { publishedFigures } from '../../lib/report/published-figures.ts'
import { staticChart } from '../../lib/report/static-chart.ts'
import { loadTemplates } from '../../lib/report/template-files.ts'
import { wordsOf } from '../../lib/report/words.ts'

const posts = ['ollama-machines', 'bllossom-awq', 'openshift-llama2', 'gpu-survey', 'local-llm-terms']
const files = await loadTemplates()
const words = wordsOf(files.strings)

async function figuresOf(name: string, said = words) {
  return publishedFigures(await readPost(name, { labRoot: '.', packageRoot: '.' }), said)
}

test('the figures of the five posts, by what they show', async () => {
  const all = await Promise.all(posts.map((post) => figuresOf(post)))
  expect(all.flat().map(({ id, title }) => `${id}: ${title}`)).toMatchInlineSnapshot(`
    [
      "reading: To read along takes 7 to 13 tokens/s",
      "time: awq-vllm has the least in each, down to 4.44 s",
      "rate: awq-vllm has the most in each, up to 95.78 tokens/s; awq the least, down to 15.81 tokens/s",
      "memory: System RAM: 3.3 (original) to 7.8 GB (original-vllm); GPU RAM: 6.0 (awq) to 35.7 GB (awq-vllm)",
      "cost: As printed, 7B on g5.2xlarge costs least; both g5.48xlarge rows are at half the listed price",
      "throughput: 7b-g5.12xlarge: 336.96 tokens/s, 5.4 × as much as 70b-g5.48xlarge",
      "generation-value: 2 of 12 give more per dollar than RTX 3060: RTX 4070Ti the most, 1.18 × as much",
      "generation-marginal: Extra it/s cost least from RTX 3080 to RTX 4070Ti, $15.2 each, and most from RTX 3070 to RTX 3070 Ti, $143",
      "upscaling-value: 6 of 12 give more per dollar than RTX 3060: RTX 4070Ti the most, 1.51 × as much",
      "upscaling-marginal: Extra it/s cost least from RTX 3080 to RTX 4070Ti, $142 each, and most from RTX 3060 Ti to RTX 3070, $1 000",
      "llama-value: None gives more per dollar than RTX 3060",
      "llama-marginal: Extra tokens/s cost least from RTX 3080 to RTX 4070Ti, $18.1 each, and most from RTX 4070Ti to RTX 4080, $4 000",
      "sizes: 8B: 32 GB at 32 bits per weight, 2 GB at 2",
      "ladder: Q2_K takes 24 % of the bytes of F16; its perplexity is 13 % worse",
    ]
  `)
})

test.each(['en', 'ko'])(
  'in %s each is drawn whole: every label is there, or said to be in the table',
  async (language) => {
    const said = wordsOf((await loadTemplates(undefined, language)).strings)
    for (const figure of (await Promise.all(posts.map((post) => figuresOf(post, said)))).flat()) {
      const svg = await staticChart(postFigureSpec(figure, files), files.style)
      expect(svg).not.toMatch(/NaN|undefined|…/)
      for (const { label, shown } of figure.values['rows'] as { label: string; shown?: boolean }[])
        if (shown === false) expect(figure.reading).toContain(label)
        else expect(svg).toContain(`>${label}</text>`)
      expect(figure.twin.rows.length).toBeGreaterThan(1)
    }
  },
)

test('a post says in its own words what a figure shows, in both languages', async () => {
  const post = await readPost('ollama-machines', { labRoot: '.', packageRoot: '.' })
  const figure = { kind: 'reading-band', comfortable: 7, tooFast: 13, title: { en: 'a', ko: '가' } } as const
  const titled = (language: string) =>
    publishedFigures({ ...post, figures: { pace: figure } }, wordsOf({ ...files.strings, language }))
  expect(titled('en')).toMatchObject([{ id: 'pace', title: 'a' }])
  expect(titled('ko')).toMatchObject([{ id: 'pace', title: '가' }])
})
