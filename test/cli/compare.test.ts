import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { labWith } from './compared-plan.ts'

test('the sentence to decide by, then each metric, in 80 columns', async () => {
  using lab = labWith()
  const { exitCode, stdout, stderr } = await lab.run(['compare', 'latest'])
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001)

    q4_0 against f16
      q4_0 is faster than f16 by 30.0 % (simultaneous 95 % CI 29.7 to 30.3), beyond
      the 2 % margin; its perplexity is not worse by more than 1 %; single-session.

      metric                change  97.5 % interval  margin  verdict
      decode, chat         +30.0 %     29.7 to 30.3     2 %  faster, beyond margin
      perplexity, quality      0 %           0 to 0     1 %  equivalent

    Intervals are simultaneous: each has a level of 97.5 %, so that all together
    hold with 95 %.

    next
    benchbook report c0ffee000001  its report: intervals, blocks, machines
    "
  `)
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
})

test('the last plan of an experiment goes by its name, too', async () => {
  using lab = labWith()
  const { stdout } = await lab.run(['compare', 'latest'])
  expect(await lab.run(['compare', 'quick'])).toMatchObject({ exitCode: 0, stdout })
  expect(await lab.refused(['compare', 'quikc'])).toMatchInlineSnapshot(`
    "2 benchbook: no plan and no experiment "quikc" in /lab/data/benchbook.db, did you mean "quick"?
    "
  `)
})

test('a second session that agrees makes it replicated, and a later one changes nothing', async () => {
  using lab = labWith({ id: 'aaaa00000001', atMs: 1000 }, { id: 'bbbb00000002', atMs: 5000 })
  expect((await lab.run(['compare', 'aaaa'])).stdout.replaceAll(/\s+/g, ' ')).toContain('; single-session.')
  expect((await lab.run(['compare', 'bbbb'])).stdout.replaceAll(/\s+/g, ' ')).toContain('; replicated.')
})

test('as Markdown, and in Korean', async () => {
  using lab = labWith()
  expect((await lab.run(['compare', 'latest', '--md'])).stdout).toMatchInlineSnapshot(`
    "### q4_0 against f16

    **q4_0 is faster than f16 by 30.0 % (simultaneous 95 % CI 29.7 to 30.3), beyond the 2 % margin; its perplexity is not worse by more than 1 %; single-session.**

    | metric | change | 97.5 % interval | margin | rests on | verdict |
    | :--- | ---: | ---: | ---: | :--- | :--- |
    | decode, chat | \\+30.0 % | 29.7 to 30.3 | 2 % | 10 blocks | q4_0 is faster by 30.0 % (simultaneous 95 % CI 29.7 to 30.3), beyond the 2 % margin. |
    | perplexity, quality | 0 % | 0 to 0 | 1 % | 12 chunks | Equivalent within 1 % (simultaneous 90 % CI 0 to 0). |

    - Intervals are simultaneous: each has a level of 97.5 %, so that all together hold with 95 %.

    \`benchbook compare c0ffee000001\`
    "
  `)
  expect((await lab.run(['compare', 'latest', '--lang', 'ko'])).stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001)

    f16 대비 q4_0
      q4_0 쪽이 f16보다 30.0 % 빠름(동시 95 % 신뢰 구간 29.7~30.3), 허용 폭 2 %
      초과; 퍼플렉서티: 1 % 넘게 나쁘지 않음; 단일 세션.

      지표                    변화  97.5 % 신뢰 구간  허용 폭  판정
      디코딩, chat         +30.0 %         29.7~30.3      2 %  빠름, 허용 폭 초과
      퍼플렉서티, quality      0 %               0~0      1 %  동등

    신뢰 구간은 동시 구간입니다. 각각의 수준은 97.5 %이며, 모두 함께 95 %로
    성립합니다.

    next
    benchbook report c0ffee000001  its report: intervals, blocks, machines
    "
  `)
})

test('as JSON it has all that verdicts are made of, with the sentences', async () => {
  using lab = labWith()
  const found = JSON.parse((await lab.run(['compare', 'latest', '--json'])).stdout)
  expect(found).toMatchObject({ benchbook: 1, plan: 'c0ffee000001', exitCode: 0, twins: [] })
  const [arms] = found.comparisons
  expect(arms).toMatchObject({ names: { base: 'f16', against: 'q4_0' }, declared: true, joint: { outcome: 'faster' } })
  const [speed] = arms.cells[0].metrics
  expect(speed).toMatchObject({ metric: 'decode_tps', declared: true, verdict: { row: 'beyond-margin' }, margin: 0.02 })
  expect(speed.blocks).toHaveLength(10)
  expect(speed.says).toMatch(/^q4_0 is faster by /)
})

test('a file says by its ending what it is to be', async () => {
  using lab = labWith()
  for (const [file, start] of [
    ['x.md', '### q4'],
    ['x.json', '{'],
    ['x.txt', 'A quick look'],
  ] as const) {
    expect(await lab.run(['compare', 'latest', '-o', file])).toEqual({ exitCode: 0, stdout: `${file}\n`, stderr: '' })
    expect(readFileSync(lab.at(file), 'utf8').startsWith(start), file).toBe(true)
  }
})

test('two plans get no verdict', async () => {
  using lab = labWith({ id: 'aaaa00000001' }, { id: 'bbbb00000002' })
  expect(await lab.run(['compare', 'aaaa', 'bbbb'])).toEqual({
    exitCode: 11,
    stderr: '',
    stdout:
      'No verdict: measured apart; run both as arms of one plan.\n\nbenchbook diff aaaa00000001 bbbb00000002  shows what differs between the two\n',
  })
  const found = JSON.parse((await lab.run(['compare', 'aaaa', 'bbbb', '--json'])).stdout)
  expect(found).toMatchObject({ plans: ['aaaa00000001', 'bbbb00000002'], verdict: { row: 'measured-apart' } })
  expect(await lab.refused(['compare', 'aaaa', 'bbbb', '--metric', 'ttft_ms', '--margin', '5%'])).toBe(
    '2 benchbook: --metric, --margin choose within one plan: two plans, measured apart, have no verdict\n',
  )
  expect(await lab.refused(['compare', 'aaaa', 'aaaa'])).toMatch(/^2 benchbook: aaaa00000001 is one and the same plan/)
})

test('what is not declared is exploratory, and says so once', async () => {
  using lab = labWith()
  const { stdout } = await lab.run(['compare', 'latest', '--metric', 'decode_tps', 'ttft_ms', '--margin', '5%'])
  expect(stdout).toMatchInlineSnapshot(`
    "A quick look (plan c0ffee000001)

    q4_0 against f16
      q4_0 is faster than f16 by 30.0 % (simultaneous 95 % CI 29.7 to 30.3), beyond
      the 5 % margin; its quality was not measured; exploratory: not declared
      beforehand; single-session.

      metric           change  97.5 % interval  margin  verdict
      decode, chat *  +30.0 %     29.7 to 30.3     5 %  faster, beyond margin
      TTFT, chat *        0 %           0 to 0     5 %  not resolved here

      TTFT, chat *: Inconclusive: whether this target can resolve 5 % is not known
      (its noise floor was not measured).

    Exploratory, as not declared beforehand: decode, TTFT.
    Intervals are simultaneous: each has a level of 97.5 %, so that all together
    hold with 95 %.

    next
    benchbook report c0ffee000001  its report: intervals, blocks, machines
    repeat: { aa: true }           in the file: measures what this machine can resolve
    "
  `)
  using undeclared = labWith({ compare: null })
  expect((await undeclared.run(['compare', 'latest'])).stdout).toMatch(/The plan declares no comparison/)
})

test('what cannot be asked for is refused with what there is', async () => {
  using lab = labWith()
  const said: string[] = []
  for (const line of [
    ['--arms', 'f16', 'q4-0'],
    ['--arms', 'f16'],
    ['--metric', 'decode'],
    ['--margin', '2'],
    ['--fail-on', 'regresion'],
    ['--json', '--md'],
    ['-o', 'x.html'],
    ['--lang', 'kr'],
  ])
    said.push(`$ ${line.join(' ')}\n${await lab.refused(['compare', 'latest', ...line])}`)
  expect(said.join('')).toMatchInlineSnapshot(`
    "$ --arms f16 q4-0
    2 benchbook: --arms q4-0: no arm has such a value, did you mean "q4_0"?
    $ --arms f16
    2 benchbook: --arms takes two, the first is what the second is held against, such as --arms fp16 awq; got 1
    $ --metric decode
    2 benchbook: --metric decode: there is no such metric, did you mean "decode_tps"?
    $ --margin 2
    2 benchbook: --margin 2: the margin of decode_tps is a percentage above 0 and at most 100%, such as 2%
    $ --fail-on regresion
    2 benchbook: --fail-on regresion: "regresion" is none of regression, not-comparable or inconclusive, did you mean "regression"?
    $ --json --md
    2 benchbook: --json and --md are two forms of the same: give one of them
    $ -o x.html
    2 benchbook: cannot tell the format of x.html: let it end in .json, .md or .txt, or say --md or --json
    $ --lang kr
    2 benchbook: there are no words in "kr", did you mean "ko"? there are en, ko, and a lab may bring reports/strings/LANGUAGE.yaml of its own
    "
  `)
})

test('hostile text in a plan is not obeyed', async () => {
  const title = 'A\u001b[2J\u202e<b>'
  using lab = labWith({
    change: { experiment: { name: 'x', title, file: 'experiments/\u001b[2J.yaml', text: '', digest: 'd' } },
  })
  for (const option of [[], ['--md'], ['--json']]) {
    const { stdout } = await lab.run(['compare', 'latest', ...option])
    // oxlint-disable-next-line no-control-regex -- finding controls is the point
    expect(stdout).not.toMatch(/[\u001b\u202e]/)
  }
})
