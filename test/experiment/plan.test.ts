import { describe, expect, test } from 'vitest'
import type { Plan } from '../../lib/domain/plan.ts'
import { expand, plan } from './fixture.ts'

const text = `
name: x
axes: { model: [tiny], quantization: [f16, q8_0, q4_0], workload: [write, bench, score], load.clients: [1, 2] }
repeat: { blocks: 4 }
`
const armsIn = ({ launches }: Plan, block: number) =>
  launches.filter((each) => each.block === block).map(({ arm }) => arm)
/** Those of the launches that measure speed. */
const timedIn = ({ launches, cells }: Plan, block: number) => {
  const scoring = new Set(cells.flatMap(({ id, config }) => (config.workload.kind === 'perplexity' ? [id] : [])))
  return launches
    .filter((each) => each.block === block && !each.cellIds.some((id) => scoring.has(id)))
    .map(({ arm }) => arm)
}
const named = ({ launches, cells }: Plan) => {
  const names = new Map(cells.map(({ id, axes }) => [id, Object.values(axes).map(String).join(' ')]))
  return launches.map(
    ({ block, device, cellIds }) => `${block} ${device}: ${cellIds.map((id) => names.get(id)).join(', ')}`,
  )
}

describe('order', () => {
  test('a block has one launch of every arm, for each number of clients, the first and the last one for scoring, arms back to back', async () => {
    const made = await plan(text)
    expect(made.launches).toHaveLength(4 * 3 * 2 + 2 * 3)
    const cells = new Map(made.cells.map((cell) => [cell.id, cell.config]))
    for (const block of [1, 2]) expect(timedIn(made, block)).toEqual(armsIn(made, block))
    for (const block of [0, 3]) {
      const launches = made.launches.filter((launch) => launch.block === block)
      const hosted = launches.map(({ cellIds }) =>
        cellIds
          .map((id) => `${cells.get(id)?.workload.name} ${cells.get(id)?.load.clients}`)
          .toSorted()
          .join(', '),
      )
      const apart = [0, 3, 6].map((from) => new Set(hosted.slice(from, from + 3)))
      expect(apart.map(({ size }) => size)).toEqual([1, 1, 1])
      expect(apart.flatMap((each) => [...each]).toSorted()).toEqual([
        'bench 1, write 1',
        'bench 2, write 2',
        'score 1, score 2',
      ])
      for (const from of [0, 3, 6]) {
        expect(
          launches
            .slice(from, from + 3)
            .map(({ arm }) => arm)
            .toSorted(),
        ).toEqual([
          '{"model":"tiny","quantization":"f16"}',
          '{"model":"tiny","quantization":"q4_0"}',
          '{"model":"tiny","quantization":"q8_0"}',
        ])
      }
      expect(launches.flatMap(({ cellIds }) => cellIds).toSorted()).toEqual(made.cells.map(({ id }) => id).toSorted())
    }
  })

  test('the same seed gives the same order, another one another', async () => {
    const [first, again, other] = [
      await plan(text, { seed: 5 }),
      await plan(text, { seed: 5 }),
      await plan(text, { seed: 6 }),
    ]
    expect(again).toEqual(first)
    expect(other.launches).not.toEqual(first.launches)
  })

  test('the order of seed 1, as it was: a seed must go on meaning the same', async () => {
    const small =
      'name: x\naxes: { model: [tiny], quantization: [f16, q8_0], workload: [write, bench, score] }\nrepeat: { blocks: 3 }'
    expect(named(await plan(small))).toMatchInlineSnapshot(`
      [
        "0 local-cpu: tiny f16 write, tiny f16 bench",
        "0 local-cpu: tiny q8_0 write, tiny q8_0 bench",
        "0 local-cpu: tiny f16 score",
        "0 local-cpu: tiny q8_0 score",
        "1 local-cpu: tiny q8_0 write, tiny q8_0 bench",
        "1 local-cpu: tiny f16 write, tiny f16 bench",
        "2 local-cpu: tiny f16 score",
        "2 local-cpu: tiny q8_0 score",
        "2 local-cpu: tiny f16 write, tiny f16 bench",
        "2 local-cpu: tiny q8_0 write, tiny q8_0 bench",
      ]
    `)
  })

  test('every order of the arms comes as often as its reverse, so that every arm is as early as it is late', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const made = await plan(text, { seed })
      const orders = [0, 1, 2, 3].map((block) => timedIn(made, block).join())
      const reversed = [0, 1, 2, 3].map((block) => timedIn(made, block).toReversed().join())
      expect(orders.toSorted()).toEqual(reversed.toSorted())
    }
  })

  test('over many seeds every order of the arms comes about equally often', async () => {
    const expanded = await expand(
      'name: x\naxes: { model: [tiny], quantization: [f16, q8_0, q4_0], workload: [write, bench] }',
    )
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 1200; seed += 1) {
      const order = armsIn(await plan(text, { expanded, seed, blocks: 1 }), 0).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    // 200 each expected; five standard deviations of a binomial.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(65)
  })

  test('arms on different devices have blocks of their own: theirs follow each other', async () => {
    const made = await plan(
      'name: x\naxes: { model: [tiny], quantization: [f16, q8_0, q4_0], hardware: [local, gpu], workload: [write] }\nrepeat: { blocks: 6 }',
    )
    for (let block = 0; block < 6; block += 1) {
      const devices = made.launches.filter((each) => each.block === block).map(({ device }) => device)
      expect(new Set([devices.slice(0, 3).join(), devices.slice(3).join()])).toEqual(
        new Set(['local-cpu,local-cpu,local-cpu', 'local-cuda,local-cuda,local-cuda']),
      )
    }
  })

  test('cells of one arm whose engines differ do not share a process', async () => {
    const made = await plan(`name: x
axes: { model: [sole], workload: [write, bench, score] }
overrides: [{ when: { workload: score }, set: { backend.batchSize: 64 } }]
repeat: { blocks: 1 }`)
    expect(made.launches.map(({ cellIds }) => cellIds.length).toSorted((a, b) => a - b)).toEqual([1, 2])
  })
})

describe('what this machine cannot run is skipped, with the reason', () => {
  const axes = 'name: x\naxes: { model: [sole], workload: [write], hardware: [local, gpu], backend.threads: [1, 2, 4] }'

  test('more threads than cores, an accelerator that cannot be there', async () => {
    const { cells, skipped } = await plan(axes, { machine: { cores: 2, accelerators: ['cpu', 'metal'] } })
    expect(cells.map(({ axes: { hardware, ...rest } }) => [hardware, rest['backend.threads']])).toEqual([
      ['local', 1],
      ['local', 2],
    ])
    expect(
      skipped.map(({ axes: { hardware, ...rest }, reason, detail }) => [
        hardware,
        rest['backend.threads'],
        reason,
        detail,
      ]),
    ).toEqual([
      ['local', 4, 'does-not-fit', 'needs 4 threads, this machine has 2 cores'],
      ['gpu', 1, 'target-missing', 'needs cuda, which this machine does not have'],
      ['gpu', 2, 'target-missing', 'needs cuda, which this machine does not have'],
      ['gpu', 4, 'target-missing', 'needs cuda, which this machine does not have'],
    ])
  })

  test('on one core the words fit', async () => {
    const { skipped } = await plan(axes, { machine: { cores: 1, accelerators: ['cpu', 'cuda'] } })
    expect(skipped[0]?.detail).toBe('needs 2 threads, this machine has 1 core')
  })

  test('a server is asked by name, and only for what it writes', async () => {
    const { cells, skipped } = await plan(`name: x
axes: { model: [tiny, there], quantization: [f16], backend: [server], workload: [write, score] }
models: { there: { artifacts: { f16: { served: org/name } } } }
backends: { server: { kind: openai, url: 'http://127.0.0.1:1' } }
`)
    expect(cells.map(({ axes: of }) => [of['model'], of['workload']])).toEqual([['there', 'write']])
    const noName = 'a backend of kind openai is asked for a model by name: give it an artifact { served: NAME }'
    const noWriting =
      'workload score is a perplexity, and a server of kind openai tells no probabilities of a text: take an engine of kind llama.cpp, transformers, vllm-offline or vllm'
    expect(skipped.map(({ axes: of, reason, detail }) => [of['model'], of['workload'], reason, detail])).toEqual([
      ['tiny', 'write', 'format', noName],
      ['tiny', 'score', 'format', noName],
      ['there', 'score', 'format', noWriting],
    ])
  })

  test('where nothing is left the plan has no launches', async () => {
    const made = await plan(axes, { machine: { cores: 4, accelerators: [] } })
    expect([made.cells.length, made.skipped.length, made.launches.length]).toEqual([0, 6, 0])
  })
})

describe('identity', () => {
  test('twelve hex digits from content, seed, time and command', async () => {
    const ids = await Promise.all([
      plan(text),
      plan(text),
      plan(text, { seed: 2 }),
      plan(text, { createdAtMs: 1 }),
      plan(text, { blocks: 2 }),
      plan(text, { command: 'another' }),
      plan(`${text}# a comment`),
      plan(text, { sets: ['load.requests=3'] }),
    ])
    expect(ids[0]?.id).toMatch(/^[0-9a-f]{12}$/)
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length - 1)
  })

  test('the plan carries the file, and blocks given on the command line', async () => {
    const made = await plan(`title: Title\nquestion: Why?${text}`, { blocks: 1 })
    expect(made.blocks).toBe(1)
    expect(made.experiment).toMatchObject({ name: 'x', title: 'Title', question: 'Why?', file: 'x.yaml' })
  })
})

test('a plan that could not end is refused', async () => {
  const seeds = JSON.stringify(Array.from({ length: 1001 }, (_, i) => i))
  const large = `name: x\naxes: { model: [sole], workload: [write], workload.sampling.seed: ${seeds} }\n`
  await expect(plan(large, { blocks: 1000 })).rejects.toThrow(
    '1,001 cells in 1,000 blocks are 1,001,000 trials, more than the 1,000,000 of the largest plan: take fewer cells or blocks',
  )
})

test('with a declared treatment a block is one stratum, every arm of it back to back', async () => {
  const comparing =
    'name: x\naxes: { model: [tiny], quantization: [f16, q4_0], backend.threads: [1, 2], workload: [bench] }\ncompare: { treatment: [quantization] }\n'
  const { launches, compare, cells } = await plan(comparing, { blocks: 4 })
  expect(compare?.treatment).toEqual(['quantization'])
  expect(new Set(cells.map(({ arm }) => arm))).toEqual(new Set(['{"quantization":"f16"}', '{"quantization":"q4_0"}']))
  const pairs = Array.from({ length: launches.length / 2 }, (_, i) => launches.slice(2 * i, 2 * i + 2))
  for (const [one, other] of pairs) {
    expect(one?.stratum).toBe(other?.stratum)
    expect(one?.arm).not.toBe(other?.arm)
  }
  expect(new Set(launches.map(({ stratum }) => stratum)).size).toBe(2)
})
