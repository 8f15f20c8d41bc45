import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CommandLine } from './command-line.ts'
import { labWith } from './compared-plan.ts'

const folder = 'test/exchange/llama-perplexity'
const logs = ['f16', 'q4_0', 'kld-q4_0', 'kld-q8_0', 'short-context', 'other-text'] as const
const withLogs = () =>
  new CommandLine({
    ...Object.fromEntries(logs.map((name) => [`${name}.log`, readFileSync(`${folder}/${name}.log`)])),
    'f16.err': readFileSync(`${folder}/f16.err`),
    'text.txt': 'a text',
  })
const json = async <T>(lab: CommandLine, ...args: string[]) =>
  JSON.parse((await lab.run([...args, '--json'])).stdout) as T
const idOf = async (lab: CommandLine, file: string) => {
  const { imports } = await json<{ imports: { id: string; file: string }[] }>(lab, 'import', '--list')
  return imports.find((each) => each.file === file)?.id ?? ''
}

test('a log is taken in once, under the names that the user gives it', async () => {
  using lab = withLogs()
  const first = await lab.run(['import', 'q4_0.log', '--model', 'demo', '--quantization', 'q4_0'])
  expect(first).toMatchObject({ exitCode: 0, stderr: '' })
  expect(first.stdout).toMatchInlineSnapshot(`
    "import:28bbb129b476  q4_0.log, demo q4_0: perplexity 20.9880 ± 1.17416 over 10 chunks of 512 tokens
    "
  `)
  lab.write('copy.log', readFileSync(`${folder}/q4_0.log`))
  expect((await lab.run(['import', 'copy.log', '--model', 'another'])).stdout).toMatchInlineSnapshot(`
    "import:28bbb129b476  was imported before, as q4_0.log, demo q4_0: nothing was changed; to label it anew: benchbook import --remove 28bbb129b476, then import it again
    "
  `)
  expect((await lab.run(['import', '--list'])).stdout.split('\n')).toHaveLength(3)
})

test('several logs are taken in or none of them, and all that is wrong is said at once', async () => {
  using lab = withLogs()
  lab.write('half.log', readFileSync(`${folder}/q4_0.log`, 'utf8').slice(0, 800))
  lab.write('\u001b[31mred.log', 'x')
  expect(await lab.refused(['import', 'f16.log', 'half.log', '\u001b[31mred.log', 'none.log'])).toMatchInlineSnapshot(`
    "2 benchbook: half.log was broken off: it has 6 of 10 chunks; let llama-perplexity run to its end
    \\u{1b}[31mred.log is no log of llama-perplexity: neither chunks ("[1]4.12,[2]4.30,") nor a final estimate ("Final estimate: PPL = ...") are in it; keep both its outputs: llama-perplexity ... > run.log 2>&1
    none.log: is not there
    "
  `)
})

test('what does not go together is refused', async () => {
  using lab = withLogs()
  expect(await lab.refused(['import'])).toContain('got none')
  expect(await lab.refused(['import', 'f16.log', '--list'])).toContain('got several')
  expect(await lab.refused(['import', '--list', '--model', 'x'])).toContain('name its file')
  expect(await lab.refused(['import', 'f16.log', 'q4_0.log', '--quantization', 'x'])).toContain('one by one')
  expect(await lab.refused(['import', 'f16.log', '--model', ' '])).toContain('1 to 100 characters')
  expect(await lab.refused(['import', 'f16.log', '--text', 'none.txt'])).toContain('none.txt')
})

test('two imports are compared chunk by chunk, and marked as what they are', async () => {
  using lab = withLogs()
  for (const name of ['f16', 'q4_0'])
    await lab.run(['import', `${name}.log`, '--model', 'demo', '--quantization', name, '--text', 'text.txt'])
  const [a, b] = [await idOf(lab, 'f16.log'), await idOf(lab, 'q4_0.log')]
  const { exitCode, stdout } = await lab.run(['compare', a, b, '--margin', '0.5%', '--fail-on', 'regression'])
  expect(exitCode).toBe(10)
  expect(stdout).toMatchInlineSnapshot(`
    "q4_0 against f16: imported from llama-perplexity, not measured by Benchbook
      perplexity: q4_0 is worse by 2.1 % (95 % CI 0.9 to 3.1), beyond the 0.5 %
      margin.

      metric      change  95 % interval  margin  verdict
      perplexity  +2.1 %     0.9 to 3.1   0.5 %  worse, beyond margin

      perplexity: of one launch: whether it is deterministic is not known

    Both are of the text that was named when they were imported.
    The logs print 4 decimals: that leaves the perplexity of a chunk open by up to
    < 0.01 %, which makes intervals wider and moves no mean.
    Exploratory: nothing of it was declared before it was measured, and each was run
    once.
    "
  `)
  const korean = (await lab.run(['compare', a, b, '--md', '--lang', 'ko'])).stdout
  expect(korean).toMatch(/^### f16 대비 q4_0: llama-perplexity 로그에서 가져온 값이며 Benchbook으로 측정하지 않음\n/)
  expect(korean).toContain('- 두 로그 모두 가져올 때 지정한 같은 텍스트의 결과이다.\n')
  expect(korean).toContain('조각 10개')
  expect(await json(lab, 'compare', b, a, '--fail-on', 'regression')).toMatchObject({
    benchbook: 1,
    exitCode: 0,
    imports: [{ id: b, provenance: 'imported from llama-perplexity, not measured by Benchbook' }, { id: a }],
    comparison: { names: { base: 'q4_0', against: 'f16' }, metrics: [{ metric: 'perplexity', declared: false }] },
  })
  expect((await lab.run(['compare', a, b, '-o', 'x.md'])).stdout).toBe('x.md\n')
})

test('what cannot be compared is named, with its exit code', async () => {
  using lab = withLogs()
  await lab.run(['import', ...logs.map((name) => `${name}.log`), 'f16.err'])
  const [f16, short, other] = (await Promise.all(
    ['f16.log', 'short-context.log', 'other-text.log'].map((file) => idOf(lab, file)),
  )) as [string, string, string]
  const apart = await lab.run(['compare', f16, short, '--fail-on', 'not-comparable'])
  expect(apart.exitCode).toBe(12)
  expect(apart.stdout).toContain('Not comparable: tokens of a chunk and number of chunks differ.')
  expect((await lab.run(['compare', f16, other])).stdout).toContain('Not comparable: text differs.')
  expect(await lab.refused(['compare', f16, await idOf(lab, 'f16.err')])).toContain('has no values of chunks')
  expect(await lab.refused(['compare', f16, f16])).toContain('one and the same log')
  expect(await lab.refused(['compare', f16])).toContain('an import is held against another')
  expect(await lab.refused(['compare', f16, 'latest'])).toMatch(/^12 .*never in one verdict/)
  expect(await lab.refused(['compare', f16, other, '--arms', 'a', 'b'])).toContain('--arms and --baseline are of plans')
  expect(await lab.refused(['compare', f16, other, '--metric', 'perplexty'])).toContain('did you mean "perplexity"?')
  expect(await lab.refused(['compare', f16, other, '--metric', 'kld'])).toContain('--kl-divergence')
  expect(await lab.refused(['compare', f16, 'import:zzz'])).toContain('import --list')
})

test('an import is shown as printed, found by SQL, and taken out again', async () => {
  using lab = withLogs()
  await lab.run(['import', 'kld-q4_0.log', '--model', 'demo'])
  const id = await idOf(lab, 'kld-q4_0.log')
  const { stdout } = await lab.run(['show', id])
  expect(stdout).toContain('imported from llama-perplexity, not measured by Benchbook')
  expect(stdout).toContain('0.358524')
  expect(stdout).toContain('perplexity, 95 % interval over its chunks: 17.704 to 24.290')
  const sql = 'SELECT import_id, model, kind, chunks, context, perplexity, kld, top_token_share FROM v_imported'
  expect((await json<{ rows: object[] }>(lab, 'query', sql)).rows).toEqual([
    {
      import_id: id.slice('import:'.length),
      model: 'demo',
      kind: 'kl-divergence',
      chunks: 10,
      context: 512,
      perplexity: 20.988011,
      kld: 0.023771,
      top_token_share: 0.90275,
    },
  ])
  expect((await lab.run(['complete', '--', 'import', '--remove', ''])).stdout).toBe(`${id.slice('import:'.length)}\n`)
  expect(await lab.refused(['import', '--remove', id])).toContain('say --yes')
  expect((await lab.run(['import', '--remove', id.slice('import:'.length, -4), '--yes'])).stdout).toContain('removed')
  expect((await lab.run(['import', '--list'])).stdout).toContain('no log was imported')
})

test('hostile names stay text', async () => {
  using lab = withLogs()
  await lab.run(['import', 'f16.log', '--model', '\u001b[31m<b>evil</b>'])
  const { stdout } = await lab.run(['import', '--list'])
  expect(stdout).toContain('\\u{1b}[31m<b>evil</b>')
  expect(stdout).not.toContain('\u001b')
  expect((await lab.run(['show', await idOf(lab, 'f16.log')])).stdout).not.toContain('\u001b')
})

test('a report shows logs under the names of its cells, apart from what was measured and as printed', async () => {
  using lab = labWith()
  for (const name of ['f16', 'q4_0']) lab.write(`${name}.log`, readFileSync(`${folder}/${name}.log`))
  const sql = "SELECT json_extract(axes, '$.model') AS model FROM v_cell"
  const model = (await json<{ rows: { model: string }[] }>(lab, 'query', sql)).rows[0]?.model ?? ''
  const plain = await lab.run(['report', 'latest', '-o', '-'])
  expect(plain.stdout).not.toContain('id="imported"')
  await lab.run(['import', 'q4_0.log', '--model', model, '--quantization', 'q4_0'])
  await lab.run(['import', 'f16.log', '--model', 'another', '--quantization', 'f16'])
  const { stdout } = await lab.run(['report', 'latest', '-o', '-'])
  const section = /<section id="imported">[\s\S]*?<\/section>/.exec(stdout)?.[0] ?? ''
  expect(section).toContain('Imported from llama-perplexity, not measured by Benchbook')
  expect(section).toContain('20.9880 ± 1.17416')
  expect(section).toContain('10 chunks of 512 tokens')
  expect(section).toContain('q4_0.log (import:28bbb129b476)')
  expect(section).not.toContain('another')
  expect(stdout.replace(section, '')).not.toContain('1.17416')
})
