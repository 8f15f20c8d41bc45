import { describe, expect, test } from 'vitest'
import type { CheckedClaim, PublishedPost } from '../../lib/domain/published.ts'
import { readHardware } from '../../lib/published/read-hardware.ts'
import { readPost } from '../../lib/published/read-post.ts'
import { checkClaims } from '../../lib/verdict/check-claims.ts'

const here = process.cwd()
const roots = { labRoot: here, packageRoot: here }
const names = ['bllossom-awq', 'gpu-survey', 'local-llm-terms', 'ollama-machines', 'openshift-llama2']
const hardware = await readHardware(roots)
const posts = new Map<string, PublishedPost>()
for (const name of names) posts.set(name, await readPost(name, roots))
const checked = new Map([...posts].map(([name, post]) => [name, checkClaims(post, hardware)]))

const differing = (claims: readonly CheckedClaim[]) => claims.filter(({ outcome }) => outcome.status === 'differs')

function slipLine({ of, printed, outcome }: CheckedClaim): string {
  if (outcome.status !== 'differs') throw new Error(of)
  const numbers = printed === undefined ? 'does not hold' : `${printed}, recomputed ${outcome.recomputed ?? '-'}`
  return `${of}: ${numbers}${outcome.withinRounding ? ' (rounding)' : ''}`
}

describe.each(names)('%s', (name) => {
  const post = posts.get(name) as PublishedPost
  const claims = checked.get(name) as CheckedClaim[]

  test('whatever differs is a slip with its cause and its lines, and nothing else is', () => {
    expect(post.slips.map(({ of }) => of).toSorted()).toEqual(
      differing(claims)
        .map(({ of }) => of)
        .toSorted(),
    )
    expect(post.slips.filter(({ lines }) => lines.length === 0)).toEqual([])
  })

  test('a claim that has a formula can be computed', () => {
    const given = new Set(post.claims.filter((claim) => 'untestable' in claim).map(({ id }) => id))
    expect(claims.filter(({ of, outcome }) => outcome.status === 'untestable' && !given.has(of))).toEqual([])
  })

  test('every sentence has its lines of the text', () => {
    expect(post.claims.filter(({ lines }) => lines.length === 0)).toEqual([])
    expect(post.notes.filter(({ lines }) => lines.length === 0)).toEqual([])
  })
})

test('the slips of the five posts are these', () => {
  const slips = [...checked].flatMap(([name, claims]) => differing(claims).map((claim) => `${name}/${slipLine(claim)}`))
  expect(slips).toMatchInlineSnapshot(`
    [
      "bllossom-awq/same-text-everywhere: does not hold",
      "bllossom-awq/prompts-matter-less-for-times: does not hold",
      "gpu-survey/released-rtx-4090: 2022.8.12, recomputed 2022-10-12",
      "gpu-survey/released-rtx-4060-ti-16gb: 2023.6.18, recomputed 2023-07-18",
      "gpu-survey/released-rtx-3070: 2020.8.29, recomputed 2020-10-29",
      "gpu-survey/released-rtx-3070-ti: 2021.7.10, recomputed 2021-06-10",
      "gpu-survey/power-rtx-4060-ti-16gb: 160, recomputed 165",
      "gpu-survey/l2-rtx-3080-12gb: 5, recomputed 6",
      "gpu-survey/code-name-rtx-3090: GA102-250, recomputed GA102-300",
      "gpu-survey/matrix-product-10x: 10, recomputed 11",
      "gpu-survey/tensor-core-cycle: 64, recomputed 1",
      "gpu-survey/llama-1-largest: 66, recomputed 65",
      "gpu-survey/generation-worth-its-price: does not hold",
      "local-llm-terms/gguf-is-one-thing: does not hold",
      "openshift-llama2/costs/7b-g5.2xlarge/minutes_per_mtok: 103.32, recomputed 103.33 (rounding)",
      "openshift-llama2/costs/13b-g5.12xlarge/minutes_per_mtok: 82.01, recomputed 82.00 (rounding)",
      "openshift-llama2/costs/70b-g5.48xlarge/minutes_per_mtok: 266.05, recomputed 266.03 (rounding)",
      "openshift-llama2/costs/70b-p4d.24xlarge/minutes_per_mtok: 107.41, recomputed 107.40 (rounding)",
      "openshift-llama2/costs/7b-g5.2xlarge/usd_per_mtok: 2.09, recomputed 2.08 (rounding)",
      "openshift-llama2/costs/7b-g5.12xlarge/usd_per_mtok: 4.68, recomputed 4.67 (rounding)",
      "openshift-llama2/costs/70b-g5.48xlarge/usd_per_mtok: 36.11, recomputed 36.09 (rounding)",
      "openshift-llama2/configurations-of-table-2: 4, recomputed 6",
      "openshift-llama2/price-g5.48xlarge: 8.14, recomputed 16.29",
    ]
  `)
})

test('how much of each post was computed again', () => {
  const counts = [...checked].map(([name, claims]) => {
    const of = (kind: string, status: string) =>
      claims.filter((claim) => claim.kind === kind && claim.outcome.status === status).length
    const parts = ['reproduced', 'differs', 'untestable'].map(
      (status) => `${of('cell', status)}+${of('sentence', status)}`,
    )
    return `${name}: ${parts.join(' ')}`
  })
  expect(counts).toMatchInlineSnapshot(`
    [
      "bllossom-awq: 0+13 0+2 0+6",
      "gpu-survey: 97+39 0+11 0+4",
      "local-llm-terms: 13+5 0+1 0+5",
      "ollama-machines: 0+4 0+0 0+10",
      "openshift-llama2: 5+15 7+2 0+6",
    ]
  `)
})

test("the survey's release dates are the catalogue's, but for the four that are slips", () => {
  const { tables, slips } = posts.get('gpu-survey') as PublishedPost
  const rows = tables.filter(({ name }) => /^rtx-[34]0$/.test(name)).flatMap((table) => table.rows)
  expect(rows).toHaveLength(16)
  for (const { cells } of rows) {
    const gpu = cells['gpu'] as string
    const [year = '', ...rest] = (cells['released'] as string).split('.')
    const printed = [year, ...rest.map((part) => part.padStart(2, '0'))].join('-')
    const isSlip = slips.some(({ of }) => of === `released-${gpu}`)
    expect([gpu, printed === hardware.get(gpu)?.released]).toEqual([gpu, !isSlip])
  }
})

test('every GPU that an instance or a machine names is in the catalogue, with the memory that follows', () => {
  for (const [name, { gpus, vramGb }] of hardware) {
    if (gpus === undefined) continue
    expect([name, vramGb]).toEqual([name, (hardware.get(gpus.name)?.vramGb as number) * gpus.count])
  }
})
