import { expect, test } from 'vitest'
import { deriveMeasurements } from '../../lib/run/derive-measurements.ts'
import { trialsToDerive } from '../../lib/store/measurements.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { CommandLine } from './command-line.ts'
import { storePlan } from './stored-plan.ts'

function measured(): CommandLine {
  const lab = new CommandLine()
  storePlan(lab.store, 'complete')
  using store = openStore({ file: lab.store, mode: 'write' })
  for (const trial of trialsToDerive(store, 'c0ffee000001')) deriveMeasurements(store, trial)
  return lab
}

test('what another tool would say of a plan stands beside what is said here', async () => {
  using lab = measured()
  expect((await lab.run(['show', 'latest', '--as', 'guidellm'])).stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001) as guidellm would have it

    quantization  workload  guidellm                       unit   mean  median    p99   here  called
    f16           chat      time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    f16           chat      time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    f16           chat      inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    f16           chat      time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    f16           chat      request_latency                ms    151.0   151.0  151.0  150.0  E2E
    f16           quality   time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    f16           quality   time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    f16           quality   inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    f16           quality   time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    f16           quality   request_latency                ms    151.0   151.0  151.0  150.0  E2E
    f16           speed     time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    f16           speed     time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    f16           speed     inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    f16           speed     time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    f16           speed     request_latency                ms    151.0   151.0  151.0  150.0  E2E
    q4_0          chat      time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    q4_0          chat      time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    q4_0          chat      inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    q4_0          chat      time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    q4_0          chat      request_latency                ms    151.0   151.0  151.0  150.0  E2E
    q4_0          quality   time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    q4_0          quality   time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    q4_0          quality   inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    q4_0          quality   time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    q4_0          quality   request_latency                ms    151.0   151.0  151.0  150.0  E2E
    q4_0          speed     time_to_first_token_ms         ms    100.0   100.0  100.0  100.0  TTFT
    q4_0          speed     time_to_first_output_token_ms  ms    100.0   100.0  100.0  100.0  TTFT without reasoning
    q4_0          speed     inter_token_latency_ms         ms    25.00   25.00  25.00  25.00  TPOT
    q4_0          speed     time_per_output_token_ms       ms    50.00   50.00  50.00  25.00  TPOT
    q4_0          speed     request_latency                ms    151.0   151.0  151.0  150.0  E2E

    benchbook explain guidellm has its definitions.
    "
  `)
})

test('as JSON it says how many trials and samples are behind each value', async () => {
  using lab = measured()
  const { stdout } = await lab.run(['show', 'latest', '--as', 'aiperf', '--json'])
  const { as, cells } = JSON.parse(stdout) as { as: string; cells: { trials: number; values: object }[] }
  expect({ as, first: cells[0] }).toMatchObject({
    as: 'aiperf',
    first: { trials: 2, values: { time_to_first_token: { n: 2, value: expect.any(Number), p99: expect.any(Number) } } },
  })
})

test('of a plan with invalid trials only, what these say stands there, and that they are invalid', async () => {
  using lab = measured()
  const before = (await lab.run(['show', 'latest', '--as', 'vllm'])).stdout
  const plain = (await lab.run(['show', 'latest'])).stdout
  using store = openStore({ file: lab.store, mode: 'write' })
  store.sql(`UPDATE trial SET invalid = '[{"reason":"contention","detail":"others"}]'`).run()
  const after = (await lab.run(['show', 'latest', '--as', 'vllm'])).stdout
  expect(after.split('\n').slice(0, 5)).toEqual(before.split('\n').slice(0, 5))
  expect(after).toContain('6 of 6 cells have invalid trials only: their values are those.')
  const doubted = (await lab.run(['show', 'latest'])).stdout
  expect(plain).not.toContain('(…)')
  expect(doubted).toContain('(…) from invalid trials only')
  expect(doubted).not.toContain('–  ')
})

test('a tool that is not known is refused by name', async () => {
  using lab = measured()
  expect(await lab.refused(['show', 'latest', '--as', 'vlm'])).toMatchInlineSnapshot(`
    "2 benchbook: --as is vllm, guidellm, aiperf, llmperf or llm-load-test, got "vlm", did you mean "vllm"?
    "
  `)
})

test('a plan without anything measured says so', async () => {
  using lab = new CommandLine()
  storePlan(lab.store, 'planned')
  expect((await lab.run(['show', 'latest', '--as', 'vllm'])).stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001) as vllm would have it

    no trial of it has completions that ended well
    "
  `)
})
