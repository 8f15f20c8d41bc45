import { expect, test } from 'vitest'
import { otherTools } from '../../lib/measure/other-tools.ts'
import { explainPages } from '../../lib/cli/explain-pages.ts'
import { backendSchema } from '../../lib/experiment/backend-schema.ts'
import { metrics } from '../../lib/domain/metric.ts'
import type { SkipReason } from '../../lib/domain/plan.ts'
import type { Unused } from '../../lib/domain/plan-data.ts'
import type { Invalidity } from '../../lib/domain/record.ts'
import type { FailureReason } from '../../lib/domain/timeline.ts'
import { CommandLine } from './command-line.ts'

// Typed by the reasons that there are: one that is added and not named here does not compile.
const reasons = {
  failed: {
    'load-timeout': 1,
    'first-token-timeout': 1,
    stall: 1,
    'trial-timeout': 1,
    crashed: 1,
    'start-failed': 1,
    'port-in-use': 1,
    'engine-error': 1,
    'out-of-memory': 1,
    'context-overflow': 1,
    'accelerator-missing': 1,
    'artifact-missing': 1,
    refused: 1,
    'chat-template': 1,
    unreachable: 1,
    unauthorized: 1,
    'rate-limited': 1,
    'server-error': 1,
    'request-refused': 1,
    'connection-reset': 1,
    'closed-early': 1,
    'error-in-stream': 1,
    'malformed-response': 1,
    nonsense: 1,
    'cut-off': 1,
    stopped: 1,
  } satisfies Record<FailureReason, 1>,
  skipped: { excluded: 1, 'does-not-fit': 1, format: 1, 'target-missing': 1, 'engine-missing': 1 } satisfies Record<
    SkipReason,
    1
  >,
  invalid: {
    contention: 1,
    'clock-gap': 1,
    'telemetry-missing': 1,
    throttled: 1,
    'client-late': 1,
    'client-busy': 1,
    'cached-prompts': 1,
    'token-count': 1,
    'littles-law': 1,
    'beyond-bandwidth': 1,
  } satisfies Record<Invalidity['reason'], 1>,
  unused: { retried: 1, interrupted: 1, 'block-repeated': 1 } satisfies Record<Unused, 1>,
}

test('every metric and every reason has a page, and no page is about nothing', async () => {
  const pages = await explainPages('.')
  const named = (kind: string) => pages.flatMap((page) => (page.kind === kind ? [page.name] : []))
  expect(named('metric')).toEqual(Object.keys(metrics))
  expect(named('tool')).toEqual(Object.keys(otherTools))
  for (const [of, names] of Object.entries(reasons))
    expect(pages.flatMap((page) => (page.kind === 'reason' && page.of === of ? [page.name] : []))).toEqual(
      Object.keys(names),
    )
})

test('the words for trials and cells that do not count name every reason', async () => {
  const pages = await explainPages('.')
  for (const of of ['skipped', 'invalid', 'unused'] as const) {
    const page = pages.find(({ kind, name }) => kind === 'word' && name === of)
    for (const reason of Object.keys(reasons[of])) expect(JSON.stringify(page)).toContain(reason)
  }
})

test('a metric is explained in lines that fit a terminal', async () => {
  using lab = new CommandLine()
  const { exitCode, stdout } = await lab.run(['explain', 'error_rate'])
  expect(exitCode).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "error_rate (errors), no unit, lower is better

      The part of the measured requests that failed.

    Definition
      failed measured requests / measured requests, without those cut off by the
      end of a duration

    From one value to the next
      A trial has one value. A cell's value is the arithmetic mean over its
      launches, of trials that ended well and are valid.

    Traps
      - Fast failures flatter every rate that leaves them out, so look here first.

    What others call it
      Error rate everywhere.

    Where it is
      Column error_rate of v_trial and v_cell (benchbook query); in reports, and
      in \`show\` where it is one of the first; in exports. It is derived in
      lib/measure/ and defined in lib/domain/metric.ts.
    "
  `)
  for (const name of Object.keys(metrics)) expect((await lab.run(['explain', name])).stdout).toMatch(/^(.{0,80}\n)+$/)
})

test('by the name of its column or its label, a reason and a word too', async () => {
  using lab = new CommandLine()
  expect((await lab.run(['explain', 'TTFT'])).stdout).toMatch(/^ttft_ms \(TTFT\), in ms, lower is better\n/)
  expect((await lab.run(['explain', 'stall'])).stdout).toMatch(/^stall \(why a trial failed\)\n/)
  expect((await lab.run(['explain', 'Block'])).stdout).toMatch(/^block\n/)
  const { stdout } = await lab.run(['explain', 'perplexity', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ benchbook: 1, pages: [{ kind: 'metric', better: 'lower' }] })
})

test("another tool's metrics are explained, in lines that fit a terminal", async () => {
  using lab = new CommandLine()
  for (const [name, own] of Object.entries(otherTools)) {
    const { stdout } = await lab.run(['explain', name])
    expect(stdout.split('\n').filter((line) => line.length > 80 && !/^ {4}\w+: /.test(line))).toEqual([])
    for (const metric of Object.keys(own)) expect(stdout).toContain(`\n${metric}`)
  }
})

test('each kind of backend is explained by its section of engines.md: install, an experiment as it stands, traps', async () => {
  using lab = new CommandLine()
  const pages = await explainPages('.')
  const kinds = backendSchema.in.options.map(({ shape }) => shape.kind.value)
  expect(pages.flatMap((page) => (page.kind === 'engine' ? [page.name] : [])).toSorted()).toEqual(kinds.toSorted())
  for (const kind of kinds) {
    const { stdout } = await lab.run(['explain', kind])
    for (const part of [
      /^ {2}Install: /m,
      /^ {4}name: /m,
      /^ {2}Recorded: /m,
      /^ {2}Traps$/m,
      /experiments\/engines\.md$/m,
    ])
      expect(stdout).toMatch(part)
    const prose = stdout.split('\n').filter((line) => !/^ {4}(?: {2}\{|\w+:) /.test(line))
    expect(prose.filter((line) => line.length > 80)).toEqual([])
  }
  expect((await lab.run(['explain', 'Ollama'])).stdout).toMatch(/^ollama \(Ollama: a kind of backend\)\n\n {2}Asked in/)
})

test('without a name all are listed, and a near miss is told', async () => {
  using lab = new CommandLine()
  const { stdout } = await lab.run(['explain'])
  for (const name of [...Object.keys(metrics), 'throttled', 'llama-server', 'launch']) expect(stdout).toContain(name)
  expect(await lab.refused(['explain', 'decode_tsp\u001b[2J'.slice(0, 10)])).toMatchInlineSnapshot(`
    "2 benchbook: nothing to explain under "decode_tsp", did you mean "decode_tps"?
    "
  `)
  expect(await lab.refused(['explain', 'xyzzy'])).toMatchInlineSnapshot(`
    "2 benchbook: nothing to explain under "xyzzy"; \`benchbook explain\` lists all there is
    "
  `)
})
