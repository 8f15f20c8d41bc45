import { join } from 'node:path'
import type { Command } from 'commander'
import { findLab } from '../lab/lab.ts'
import type { Io } from './io.ts'

/** What `--help` of a command ends with: examples, and which pages of the package say more. */
type Help = { examples: readonly string[]; more?: string | readonly string[] }

const file = 'experiments/mine.yaml'
const format = 'experiments/README.md'
const engines = 'experiments/engines.md'

/** By the words after `benchbook`; a test fails for a command without an entry. */
export const helpExamples: Readonly<Record<string, Help>> = {
  validate: { examples: [`validate ${file}`, 'validate experiments/*.yaml --set load.requests=3'], more: format },
  plan: {
    examples: [
      `plan ${file}`,
      `plan ${file} --explain --only 'quantization=q4*'`,
      'plan experiments/ab-q4_0.yaml --power 3%',
      'plan experiments/engines.yaml --set backend.url=http://127.0.0.1:8000',
    ],
    more: [format, engines],
  },
  run: {
    examples: [
      `run ${file} --quick`,
      `run ${file} --set 'model=random-5m' --max-time 8h`,
      'run --resume',
      'run --resume --retry failed',
    ],
    more: [format, engines],
  },
  report: {
    examples: [
      'report latest --open',
      'report latest -o report.html',
      'report latest --lang ko',
      'report latest -o post.md --check',
    ],
    more: 'reports/README.md',
  },
  reproduce: {
    examples: [
      'reproduce theirs.bundle --dry-run',
      'reproduce theirs.bundle --blocks 6',
      'reproduce theirs.bundle --from latest --json',
    ],
    more: ['experiments/README.md', 'data/store.md'],
  },
  status: { examples: ['status', 'status --watch'] },
  stop: { examples: ['stop', 'stop latest --now'] },
  logs: { examples: ['logs 12', 'logs launch:3 -f'] },
  emulate: {
    examples: [
      'emulate --set tokenMs=7 --set slots=8',
      'emulate --port 8000 --fault reset@mid-stream:10 --truth truth.ndjson',
      'emulate --feel 13',
      'emulate --replay answer.json --feel',
    ],
    more: [format, engines],
  },
  list: { examples: ['list', 'list --json'] },
  show: { examples: ['show latest', 'show latest --as vllm', 'show import:1f0c'], more: 'data/store.md' },
  diff: { examples: ['diff aa376b29852c latest'] },
  compare: {
    examples: [
      'compare latest',
      'compare latest --arms f16 q4_0 --metric decode_tps --margin 3%',
      'compare latest --fail-on regression,not-comparable --md',
      'compare experiments/regression.yaml --baseline old.gguf --fail-on regression',
      'compare experiments/mine.yaml --baseline backend.program=../old-build/llama-server',
      'compare import:1f0c import:9be2 --margin 1%',
    ],
    more: [format, 'reports/README.md'],
  },
  query: {
    examples: [
      `query "SELECT axes, n, decode_tps FROM v_cell WHERE status = 'ok'"`,
      'query --format csv "SELECT * FROM v_trial" > trials.csv',
    ],
    more: 'data/store.md',
  },
  export: {
    examples: [
      'export latest -o data.parquet',
      'export latest -o - --format csv',
      'export latest -o mine.bundle --no-text',
      'export request:12 -o answer.json',
    ],
    more: 'data/store.md',
  },
  import: {
    examples: [
      'import f16.log --model llama-3-8b --quantization f16 --text wiki.test.raw',
      'import --list',
      'import --remove 1f0c',
    ],
    more: format,
  },
  'notebook new': {
    examples: ['notebook new latest', `notebook new ${file}`],
    more: 'notebooks/README.md',
  },
  'notebook run': {
    examples: ['notebook run notebooks/*.ipynb', 'notebook run notebooks/a.ipynb -o executed'],
    more: 'notebooks/README.md',
  },
  'notebook start': { examples: ['notebook start', 'notebook start -- --no-browser'], more: 'notebooks/README.md' },
  init: { examples: ['init my-lab'], more: 'README.md' },
  explain: { examples: ['explain', 'explain ttft_ms', 'explain contention', 'explain llama-server'], more: engines },
  derive: { examples: ['derive', 'derive latest', 'derive latest --streams'], more: 'data/store.md' },
  gc: { examples: ['gc --dry-run', 'gc --older 12h --models'] },
  completion: {
    examples: ['completion bash', 'completion fish > ~/.config/fish/completions/benchbook.fish'],
  },
  doctor: { examples: ['doctor', 'doctor --json'], more: 'experiments/machines.md' },
  'models list': { examples: ['models list'], more: 'data/README.md' },
  'models quantize': { examples: ['models quantize demo --to q2_k,q5_0'], more: 'data/README.md' },
  'models pull': {
    examples: [
      'models pull hf:Qwen/Qwen3-0.6B',
      'models pull hf:org/name-GGUF@main/name-q4_k_m.gguf',
      'models pull ollama:llama3.2:1b',
    ],
    more: 'data/README.md',
  },
  'models rm': { examples: ['models rm demo q2_k', 'models rm hf:Qwen/Qwen3-0.6B'], more: 'data/README.md' },
}

/** Adds them to every command below. */
export function addExamples(command: Command, io: Io, words: readonly string[] = []): void {
  for (const child of command.commands) addExamples(child, io, [...words, child.name()])
  const help = helpExamples[words.join(' ')]
  if (help === undefined) return
  const lines = ['Examples:', ...help.examples.map((example) => `  benchbook ${example}`)]
  const pages = help.more === undefined ? [] : [help.more].flat()
  const { packageRoot } = findLab(io.cwd)
  const more = pages.map((page, at) => `${at === 0 ? '\nMore: ' : '      '}${join(packageRoot, page)}`)
  command.addHelpText('after', `\n${[...lines, ...more].join('\n')}`)
}
