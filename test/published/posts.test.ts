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
    const unknown = claims.filter(({ of, outcome }) => outcome.status === 'untestable' && !given.has(of))
    // The one thing that nobody could tell of the cards.
    expect(unknown.map(({ of }) => of)).toEqual(name === 'gpu-survey' ? ['rtx-30/rtx-3060-ti/code_name'] : [])
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
      "gpu-survey/rtx-40/rtx-4090/released: 2022.8.12, recomputed 2022-10-12",
      "gpu-survey/rtx-40/rtx-4060-ti-16gb/released: 2023.6.18, recomputed 2023-07-18",
      "gpu-survey/rtx-40/rtx-4060-ti-16gb/die_mm2: 190, recomputed 188",
      "gpu-survey/rtx-40/rtx-4060-ti-8gb/die_mm2: 190, recomputed 188",
      "gpu-survey/rtx-40/rtx-4060/die_mm2: 146, recomputed 159",
      "gpu-survey/rtx-40/rtx-4060-ti-16gb/tdp_w: 160, recomputed 165",
      "gpu-survey/rtx-30/rtx-3070-ti/released: 2021.7.10, recomputed 2021-06-10",
      "gpu-survey/rtx-30/rtx-3070/released: 2020.8.29, recomputed 2020-10-29",
      "gpu-survey/rtx-30/rtx-3090/code_name: GA102-250, recomputed GA102-300",
      "gpu-survey/rtx-30/rtx-3060/transistors_billion: 13.25, recomputed 12.00",
      "gpu-survey/rtx-30/rtx-3080-12gb/l2_mb: 5, recomputed 6",
      "gpu-survey/matrix-product-10x: 10, recomputed 11",
      "gpu-survey/tensor-core-cycle: 64, recomputed 1",
      "gpu-survey/llama-1-largest: 66, recomputed 65",
      "gpu-survey/generation-worth-its-price: does not hold",
      "local-llm-terms/gguf-is-a-library: 양자화 라이브러리, recomputed 단일 파일 포맷",
      "openshift-llama2/costs/13b-g5.48xlarge/usd_per_hour: 8.14, recomputed 16.29",
      "openshift-llama2/costs/70b-g5.48xlarge/usd_per_hour: 8.14, recomputed 16.29",
      "openshift-llama2/costs/7b-g5.2xlarge/minutes_per_mtok: 103.32, recomputed 103.33 (rounding)",
      "openshift-llama2/costs/13b-g5.12xlarge/minutes_per_mtok: 82.01, recomputed 82.00 (rounding)",
      "openshift-llama2/costs/70b-g5.48xlarge/minutes_per_mtok: 266.05, recomputed 266.03 (rounding)",
      "openshift-llama2/costs/70b-p4d.24xlarge/minutes_per_mtok: 107.41, recomputed 107.40 (rounding)",
      "openshift-llama2/costs/7b-g5.2xlarge/usd_per_mtok: 2.09, recomputed 2.08 (rounding)",
      "openshift-llama2/costs/7b-g5.12xlarge/usd_per_mtok: 4.68, recomputed 4.67 (rounding)",
      "openshift-llama2/costs/70b-g5.48xlarge/usd_per_mtok: 36.11, recomputed 36.09 (rounding)",
      "openshift-llama2/configurations-of-table-2: 4, recomputed 6",
    ]
  `)
})

test('how much of each post was computed again', () => {
  const counts = [...checked].map(([name, claims]) => {
    const of = (kind: string, status: string) =>
      claims.filter((claim) => claim.kind === kind && claim.outcome.status === status).length
    const parts = ['reproduced', 'differs', 'untestable'].map(
      (status) => `${of('cell', status)}+${of('input', status)}+${of('sentence', status)}`,
    )
    return `${name}: ${parts.join(' ')}`
  })
  expect(counts).toMatchInlineSnapshot(`
    [
      "bllossom-awq: 0+0+14 0+0+1 0+0+6",
      "gpu-survey: 97+208+23 0+11+4 0+1+5",
      "local-llm-terms: 3+0+3 0+0+1 0+0+6",
      "ollama-machines: 0+0+4 0+0+0 0+0+10",
      "openshift-llama2: 6+18+9 7+2+1 0+0+6",
    ]
  `)
})

test('what was made beside a post is what follows from its figures, and no claim of it', () => {
  const own = [...posts].flatMap(([name, post]) =>
    post.tables.filter((table) => table.own === true).map((table) => ({ name, table, post })),
  )
  expect(own.map(({ name, table }) => `${name}/${table.name}`)).toEqual([
    'bllossom-awq/tokens',
    'gpu-survey/elsewhere',
    'local-llm-terms/ladder',
    'openshift-llama2/listed',
  ])
  for (const { name, table, post } of own) {
    expect(checked.get(name)?.filter(({ of }) => of.startsWith(`${table.name}/`))).toEqual([])
    const taken = { ...post, claims: [], tables: post.tables.map(({ own: _own, ...each }) => each) }
    const cells = checkClaims(taken, hardware).filter(({ of }) => of.startsWith(`${table.name}/`))
    expect(cells.filter(({ outcome }) => outcome.status !== 'reproduced')).toEqual([])
  }
})

test('every GPU that an instance or a machine names is in the catalogue, with the memory that follows', () => {
  for (const [name, { gpus, vramGb }] of hardware) {
    if (gpus === undefined) continue
    expect([name, vramGb]).toEqual([name, (hardware.get(gpus.name)?.vramGb as number) * gpus.count])
  }
})
