import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ended, Lab } from './lab.ts'

const durationMs = 3000
const experiment = `name: chats
axes: { model: [random-5m], quantization: [q4_0], load.clients: [1, 3] }
workload:
  kind: chat
  system: Be brief.
  prompts: [Hello, Who goes there?, 'One, two, three', Why?]
  sampling: { maxTokens: 40 }
load: { duration: ${durationMs}ms }
repeat: { blocks: 1 }
`

type Row = Record<string, string | number | null>
let lab: Lab
let ran: Ended
beforeAll(async () => {
  lab = new Lab({ 'chats.yaml': experiment })
  ran = await lab.run('run', 'experiments/chats.yaml')
}, 600_000)
afterAll(() => lab[Symbol.dispose]())

const query = async (sql: string) =>
  JSON.parse((await lab.run('query', sql, '--json')).stdout).rows as Record<string, number>[]
const trialOf = async (clients: number) =>
  (await query(`SELECT * FROM v_trial WHERE json_extract(axes, '$."load.clients"') = ${clients}`))[0] as Row
const geometricMean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

test('a chat with three clients runs for its duration and cuts off what is in flight', async () => {
  expect(ran.code).toBe(0)
  const { trial_id, status, error_rate } = await trialOf(3)
  expect({ status, error_rate }).toEqual({ status: 'ok', error_rate: 0 })
  const requests = await query(`SELECT * FROM v_request WHERE trial_id = ${trial_id}`)
  const measured = requests.filter(({ phase }) => (phase as unknown) === 'measured')
  expect(new Set(measured.map(({ client }) => client))).toEqual(new Set([0, 1, 2]))
  expect(requests.length - measured.length).toBe(3) // each client has warmed up
  const endUs = Math.min(...measured.map((request) => request['sent_us'] as number)) + durationMs * 1000
  const cut = measured.filter(({ reason }) => (reason as unknown) === 'cut-off')
  expect(cut.length).toBeGreaterThan(0)
  for (const { sent_us, done_us } of cut)
    expect((sent_us as number) + (done_us as number)).toBeGreaterThanOrEqual(endUs)
})

test('its figures are those of a plain recomputation from the events', async () => {
  for (const clients of [1, 3]) {
    const trial = await trialOf(clients)
    const events = (await query(`SELECT e.*, r.sent_us, r.done_us, r.scheduled_us, r.output_tokens FROM v_event e
      JOIN v_request r USING (request_id) WHERE e.trial_id = ${trial['trial_id']} AND e.phase = 'measured'`)) as Row[]
    const sent = await query(
      `SELECT client, min(sent_us) AS first FROM v_request WHERE trial_id = ${trial['trial_id']} AND phase = 'measured'
       GROUP BY client`,
    )
    const firsts = sent.map(({ first }) => Number(first))
    // The rates are those of the time in which all clients were at work.
    const [startUs, endUs] = [Math.max(...firsts), Math.min(...firsts) + durationMs * 1000]
    const seconds = (endUs - startUs) / 1e6
    const isInside = (atUs: number) => atUs > startUs && atUs <= endUs
    const inside = events.filter((event) => isInside(Number(event['sent_us']) + Number(event['at_us'])))
    expect(trial['output_tps']).toBeCloseTo(inside.length / seconds, 9)

    const answers = [...Map.groupBy(events, (event) => event['request_id']).values()].filter(
      ([event]) => event?.['status'] === 'ok',
    )
    const completed = answers.filter(([event]) => isInside(Number(event?.['sent_us']) + Number(event?.['done_us'])))
    expect(trial['request_rate']).toBeCloseTo(completed.length / seconds, 9)
    const byPrompt = [...Map.groupBy(answers, ([event]) => event?.['prompt_id']).values()]
    const over = (metric: (times: number[]) => number) =>
      geometricMean(
        byPrompt.map((same) =>
          geometricMean(same.map((answer) => metric(answer.map((event) => Number(event['at_us']))))),
        ),
      )
    expect(trial['ttft_ms']).toBeCloseTo(
      over((times) => (times[0] as number) / 1000),
      9,
    )
    const tpot = over((times) => ((times.at(-1) as number) - (times[0] as number)) / 1000 / (times.length - 1))
    expect(trial['tpot_ms']).toBeCloseTo(tpot, 9)
  }
})

test("the engine's counters are there with one client, and absent with several", async () => {
  expect((await trialOf(1))['prefill_tps']).not.toBeNull()
  expect((await trialOf(3))['prefill_tps']).toBeNull()
})
