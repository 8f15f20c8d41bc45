import { expect, test } from 'vitest'
import { expand, plan, refused } from './fixture.ts'

const talk = (kind: string, rest = '') =>
  `name: x\naxes: { model: [sole] }\nworkload:\n  kind: ${kind}\n  prompts: [{ id: a, text: Hello, then: [And?, Why?], maxTokens: 5 }]\n${rest}`

const idOf = async (text: string) => (await expand(text)).cells[0]?.id

test('a prompt that goes on is kept with its turns and its length', async () => {
  const { cells } = await expand(talk('chat'))
  expect(cells[0]?.config.workload).toMatchObject({
    prompts: [{ id: 'a', text: 'Hello', followUps: ['And?', 'Why?'], maxTokens: 5 }],
  })
})

test('what is said later is part of the identity', async () => {
  expect(await idOf(talk('chat'))).not.toBe(await idOf(talk('chat').replace('Why?', 'Who?')))
})

test('only a chat has conversations', async () => {
  expect(await refused(talk('completion'))).toMatchInlineSnapshot(`
    "x.yaml:5:12: workload "completion" has conversations ("a" goes on with then), which only a chat has: make it kind: chat, or take then out
        prompts: [{ id: a, text: Hello, then: [And?, Why?], maxTokens: 5 }]"
  `)
})

test('an open load cannot wait for answers', async () => {
  expect(await refused(talk('chat', 'load: { kind: poisson, ratePerSecond: 5 }\n'))).toMatchInlineSnapshot(`
    "x.yaml:6:15: workload "chat" has conversations ("a" goes on with then), and a load of kind poisson sends at moments that were drawn before, whether or not an answer is there: take load.kind: closed
        load: { kind: poisson, ratePerSecond: 5 }"
  `)
})

test('the embedded engine skips them when planning', async () => {
  const { cells, skipped } = await plan(talk('chat'))
  expect(cells).toEqual([])
  expect(skipped).toMatchInlineSnapshot(`
    [
      {
        "axes": {
          "model": "sole",
        },
        "detail": "the embedded engine answers single messages, and the workload has conversations (prompts with then): ask a server",
        "reason": "format",
      },
    ]
  `)
})
