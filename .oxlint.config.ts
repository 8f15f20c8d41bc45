import { defineConfig, type OxlintOverride } from 'oxlint'

type Layer = { imports: readonly string[] | 'all'; owns: readonly string[]; node?: false }
/** The layers of lib/, bottom to top: what a folder may import, which packages it owns, and whether it may use `node:`. */
export const layers: Record<string, Layer> = {
  domain: { imports: [], owns: [], node: false },
  stats: { imports: [], owns: [], node: false },
  measure: { imports: ['domain', 'stats'], owns: [] },
  parse: { imports: ['domain'], owns: ['zod', 'yaml', 'csv-parse'] },
  experiment: { imports: ['domain', 'parse'], owns: [] },
  published: { imports: ['domain', 'parse'], owns: [] },
  verdict: { imports: ['domain', 'stats', 'measure'], owns: ['vega-expression'] },
  shell: { imports: ['domain'], owns: ['zx'] },
  hub: { imports: ['domain', 'parse', 'shell'], owns: [] },
  artifact: { imports: ['domain', 'parse', 'shell', 'hub'], owns: ['koffi'] },
  prompts: { imports: ['domain', 'parse'], owns: ['@huggingface/tokenizers'] },
  load: { imports: ['domain'], owns: [] },
  telemetry: { imports: ['domain', 'shell'], owns: [] },
  wire: { imports: ['domain'], owns: ['@grpc/grpc-js', '@grpc/proto-loader'] },
  emulator: { imports: ['domain', 'parse', 'shell', 'wire'], owns: [] },
  backend: {
    imports: ['domain', 'parse', 'shell', 'wire', 'emulator'],
    owns: ['node-llama-cpp', '@huggingface/jinja'],
  },
  worker: {
    imports: [
      'domain',
      'measure',
      'parse',
      'shell',
      'artifact',
      'prompts',
      'load',
      'telemetry',
      'wire',
      'emulator',
      'backend',
    ],
    owns: [],
  },
  target: { imports: ['domain', 'shell'], owns: [] },
  store: { imports: ['domain', 'shell'], owns: ['better-sqlite3'] },
  run: { imports: ['domain', 'experiment', 'artifact', 'prompts', 'measure', 'store', 'target'], owns: [] },
  exchange: { imports: ['domain', 'parse', 'experiment', 'measure', 'store'], owns: ['hyparquet-writer'] },
  report: {
    imports: ['domain', 'parse', 'stats', 'measure', 'verdict', 'store'],
    owns: [
      'handlebars',
      'markdown-it',
      'vega',
      'vega-lite',
      'vega-interpreter',
      'esbuild',
      'd3-format',
      '@resvg/resvg-js',
      '@expo-google-fonts/noto-sans-kr',
    ],
  },
  lab: {
    imports: [
      'domain',
      'parse',
      'experiment',
      'published',
      'verdict',
      'shell',
      'hub',
      'artifact',
      'prompts',
      'telemetry',
      'worker',
      'target',
      'store',
      'run',
      'exchange',
      'report',
    ],
    owns: [],
  },
  notebook: { imports: ['domain', 'stats', 'store', 'report', 'run', 'lab'], owns: ['tslab'] },
  cli: { imports: 'all', owns: ['commander', 'string-width'] },
}
const folders = Object.keys(layers)

/** Forbids everything but `allowed`: gitignore-style, so the last match wins and `*` stops at a slash. */
function allowOnly(allowed: readonly string[], message: string): NonNullable<OxlintOverride['rules']> {
  return {
    'no-restricted-imports': [
      'error',
      { patterns: [{ group: ['**', ...allowed.map((path) => `!${path}`)], message }] },
    ],
  }
}

function overrideFor([name, { imports, owns, node }]: [string, Layer]) {
  const below = imports === 'all' ? folders : imports
  const builtins = node === false ? [] : ['node:*', 'node:*/**']
  const allowed = [
    './*',
    ...below.map((folder) => `../${folder}/*`),
    ...owns.flatMap((own) => [own, `${own}/**`]),
    ...builtins,
  ]
  return {
    files: [`lib/${name}/*`],
    rules: allowOnly(allowed, `${name}/ may not import this: see layers in .oxlint.config.ts`),
  }
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'promise'],
  options: { typeAware: true },
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'typescript/no-unsafe-type-assertion': 'off',
    // tsc checks it, and knows an exhaustive switch.
    'typescript/consistent-return': 'off',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'max-lines': ['error', { max: 250 }],
    'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
  },
  overrides: [
    { files: ['lib/**'], rules: allowOnly([], 'this folder has no row in `layers` of .oxlint.config.ts') },
    ...Object.entries(layers).map(overrideFor),
    { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
  ],
})
