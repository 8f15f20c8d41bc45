import { expect, test } from 'vitest'
import type { Cell } from '../../lib/domain/cell.ts'
import { expand, refused } from './fixture.ts'

const of = (server: string, more = '') => `
name: x
axes: { model: [sole], backend: [server] }
backends: { server: { kind: vllm, ${server} } }
workload: { kind: completion, prompts: [Hello] }
${more}`
const launched = 'launch: { args: { max-model-len: 512 } }'
const attached = "url: 'http://127.0.0.1:8000'"
const url = 'backend.url=http://127.0.0.1:9'

const backendsOf = ({ cells }: { cells: readonly Cell[] }) =>
  cells.map(({ config }) => {
    const { url: at, launch } = config.backend as { url?: string; launch?: object }
    return { ...(at !== undefined && { at }), ...(launch !== undefined && { launch }) }
  })

test('where a server is and how it is started do not go together', async () => {
  expect(await refused(of(`${attached}, ${launched}`))).toMatchInlineSnapshot(`
    "x.yaml:4:73: backends.server.launch: is how the server is started, and url says that it runs already: leave one of them out, or give one by --set, which takes the place of the other
        …kind: vllm, url: 'http://127.0.0.1:8000', launch: { args: { max-model-len: 512 } } } }"
  `)
  expect(await refused(of(launched), { sets: [url, 'backend.launch.port=1'] })).toMatchInlineSnapshot(
    `"--set backend.launch.port=1: backend.launch: is how the server is started, and url says that it runs already: leave one of them out, or give one by --set, which takes the place of the other: set it whole"`,
  )
  expect(await refused(of(attached), { sets: ['backend.launch.port=1'] })).toMatchInlineSnapshot(
    `"--set backend.launch.port=1: backend.launch: is how the server is started, and url says that it runs already: leave one of them out, or give one by --set, which takes the place of the other: set it whole"`,
  )
})

test('an address that is set above a file takes the place of its launch, and the other way round', async () => {
  expect(backendsOf(await expand(of(launched), { sets: [url] }))).toEqual([{ at: 'http://127.0.0.1:9' }])
  const started = await expand(of(attached), { sets: ['backend.launch={ port: 1 }'] })
  expect(backendsOf(started)).toEqual([{ launch: { args: {}, env: {}, port: 1 } }])
  const lab = `backends: { server: { kind: vllm, ${launched} } }`
  const file = 'name: x\naxes: { model: [sole], backend: [server], backend.url: [http://a, http://b] }\n'
  const cells = await expand(`${file}workload: { kind: completion, prompts: [Hello] }\n`, { lab })
  expect(backendsOf(cells)).toEqual([{ at: 'http://a' }, { at: 'http://b' }])
})

test('without both it is started, without options of its own', async () => {
  expect(backendsOf(await expand(of('salt: false')))).toEqual([{ launch: { args: {}, env: {} } }])
})

test('of an axis of options that an address makes nothing of, one value is left by --set', async () => {
  const axes = 'axes: { model: [sole], backend: [server], backend.launch.args.max-model-len: [256, 512] }'
  const file = of(launched).replace(/axes: .*/, axes)
  expect(backendsOf(await expand(file))).toEqual(
    [256, 512].map((length) => ({ launch: { args: { 'max-model-len': length }, env: {} } })),
  )
  expect(await refused(file, { sets: [url] })).toMatchInlineSnapshot(`
    "x.yaml:3:1: two cells are the same, take one out: {"backend":"server","backend.launch.args.max-model-len":256,"model":"sole"} and {"backend":"server","backend.launch.args.max-model-len":512,"model":"sole"}
        axes: { model: [sole], backend: [server], backend.launch.args.max-model-len: [256, 512] }"
  `)
  const one = await expand(file, { sets: [url, 'backend.launch.args.max-model-len=256'] })
  expect(backendsOf(one)).toEqual([{ at: 'http://127.0.0.1:9' }])
})
