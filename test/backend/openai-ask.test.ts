import { describe, expect, test } from 'vitest'
import { chat, models, ScriptedApi, stream } from './scripted-api.ts'
import { answered, send, start } from './wire-engine.ts'
import { chatOf, completionOf, sampling, trialOf } from './wire-launch.ts'

describe('what a request asks', () => {
  test('a chat, greedily: nothing that only some servers know', async () => {
    const { asked } = await answered(chat(['a']), trialOf(chatOf({ system: 'Be brief.' })))
    expect(asked).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 16,
      temperature: 0,
      seed: 42,
    })
  })

  test('a completion of a fixed length, sampled: all that the cell says', async () => {
    const workload = completionOf({
      prompts: [{ id: 'p1', text: 'Once', maxTokens: 5 }],
      output: 'fixed',
      sampling: { ...sampling, temperature: 0.8, stop: ['\n'] },
    })
    const { asked } = await answered(stream({ choices: [{ text: 'a', finish_reason: 'length' }] }), trialOf(workload))
    expect(asked).toEqual({
      model: 'm',
      prompt: 'Once',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      temperature: 0.8,
      top_p: 0.95,
      top_k: 40,
      min_p: 0.05,
      seed: 42,
      stop: ['\n'],
      ignore_eos: true,
      min_tokens: 5,
    })
  })

  test('extraBody comes last, and takes out what it sets to null', async () => {
    const extraBody = {
      max_tokens: null,
      max_completion_tokens: 16,
      seed: 1,
      stream_options: { continuous_usage_stats: true },
    }
    const { asked } = await answered(chat(['a']), trialOf(chatOf()), { extraBody })
    expect(asked).toMatchObject({
      max_completion_tokens: 16,
      seed: 1,
      stream_options: { continuous_usage_stats: true },
    })
    expect(asked).not.toHaveProperty('max_tokens')
  })

  test('a salt comes before all that requests may share, another for each', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m'), '/v1/chat/completions': chat(['a']) })
    await using engine = await start(server, { salt: true })
    const trial = trialOf(chatOf({ system: 'Be brief.' }))
    await engine.prepare(trial)
    for (const index of [0, 1, 0]) await send(engine, trial, { index })
    const [first, second, again] = server.posted.map(
      ({ messages }) => (messages as { content: string }[])[0]?.content as string,
    )
    expect(first).toMatch(/^(?:[a-z]{4} ){7}[a-z]{4}\. Be brief\.$/)
    expect(second).not.toBe(first)
    expect(again).toBe(first)
  })

  test('a perplexity is refused with the reason', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m') })
    await using engine = await start(server)
    const workload = { name: 'score', kind: 'perplexity' as const, text: { id: 't', text: 'x' }, context: 64 }
    await expect(engine.prepare(trialOf(workload))).rejects.toMatchObject({
      reason: 'request-refused',
      message:
        'workload score is of kind perplexity, which needs the tokens and the probabilities of an embedded engine: ask a server for a chat or a completion',
    })
  })
})

describe('a conversation', () => {
  const prompts = [{ id: 'talk', text: 'Hi', followUps: ['And?', 'Bye'] }]
  const trial = trialOf(chatOf({ system: 'Be brief.', prompts }))

  test('goes on with what was said and answered, behind one salt', async () => {
    await using server = await ScriptedApi.start({
      '/v1/models': models('m'),
      '/v1/chat/completions': chat(['an', 'swer']),
    })
    await using engine = await start(server, { salt: true })
    const { jobs } = await engine.prepare(trial)
    expect(jobs.map(({ promptId, follows }) => [promptId, follows])).toEqual([
      ['talk', undefined],
      ['talk', true],
      ['talk', true],
    ])
    for (const job of [0, 1, 2])
      expect(await send(engine, trial, { job, index: job })).toMatchObject({ outcome: { status: 'ok' } })
    const { messages } = server.posted.at(-1) as { messages: { role: string; content: string }[] }
    expect(messages.map(({ role, content }) => `${role}: ${content.split('. ').at(-1)}`)).toEqual([
      'system: Be brief.',
      'user: Hi',
      'assistant: answer',
      'user: And?',
      'assistant: answer',
      'user: Bye',
    ])
    const openings = server.posted.map((posted) => (posted['messages'] as { content: string }[])[0]?.content)
    expect(new Set(openings).size).toBe(1)
  })

  test('is not gone on with where the answer before is lacking', async () => {
    await using server = await ScriptedApi.start({ '/v1/models': models('m') })
    await using engine = await start(server)
    await engine.prepare(trial)
    expect(await send(engine, trial)).toMatchObject({ outcome: { reason: 'request-refused' } })
    expect(await send(engine, trial, { job: 1 })).toMatchObject({
      outcome: { reason: 'cut-off', detail: 'not sent: the answer before it in its conversation is lacking' },
    })
    expect(server.posted.length).toBe(1)
  })
})
