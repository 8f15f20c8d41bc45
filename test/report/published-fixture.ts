import type { PublishedColumn, PublishedTable } from '../../lib/domain/published.ts'

type Columns = Record<string, Omit<PublishedColumn, 'name' | 'title'> & { title?: string; ko?: string }>

/** A table of `rows` in the order of `columns`; the first column is the key. */
export function table(name: string, columns: Columns, rows: readonly (readonly string[])[]): PublishedTable {
  const names = Object.keys(columns)
  return {
    name,
    number: 'Table 3',
    title: { en: name, ko: name },
    columns: Object.entries(columns).map(([column, { title = column, ko = title, ...rest }]) => ({
      name: column,
      title: { en: title, ko },
      ...rest,
    })),
    rows: rows.map((cells) => ({
      cells: Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ''])),
    })),
  }
}

const key = { role: 'key' } as const
const measured = (title: string, ko: string, unit?: string) =>
  ({ role: 'measured', title, ko, ...(unit !== undefined && { unit }) }) as const
const price = { role: 'fact', title: 'Price', ko: '가격', unit: 'USD' } as const

const cards = [
  'RTX 4090',
  'RTX 4080',
  'RTX 4070Ti',
  'RTX 3090 Ti',
  'RTX 3090',
  'RTX 3080 Ti',
  'RTX 3080 12GB',
  'RTX 3080',
]
const lesser = ['RTX 3070 Ti', 'RTX 3070', 'RTX 3060 Ti', 'RTX 3060', 'RTX 3050']
const prices = [1599, 1199, 799, 1999, 1499, 1199, 799, 699, 599, 499, 399, 329, 249]
const rates = '28.923 23.504 20.697 19.238 17.789 17.429 14.459 14.101 11.637 10.937 9.146 7.239 4.931'.split(' ')
const upscaled = '3.641 2.413 1.875 1.558 1.423 1.358 1.296 1.169 0.898 0.774 0.674 0.511 0.322'.split(' ')
const tokens = '25.82 25.44 25.34 21.48 20.88 20.73 20.48 19.8'.split(' ')

/** What the survey of cards published of making images. */
export const images = table(
  'image-generation',
  { gpu: { ...key, title: 'GPU' }, it_s: measured('Iterations', '반복', 'it/s'), price_usd: price },
  [...cards, ...lesser].map((card, index) => [card, rates[index] ?? '', String(prices[index])]),
)
export const upscaling = table(
  'image-resolution',
  { gpu: { ...key, title: 'GPU' }, it_s: measured('Iterations', '반복', 'it/s'), price_usd: price },
  [...cards, ...lesser].map((card, index) => [card, upscaled[index] ?? '', String(prices[index])]),
)
export const llama = table(
  'llama',
  { gpu: { ...key, title: 'GPU' }, tokens_s: measured('Output', '출력', 'tokens/s'), price_usd: price },
  [...cards.map((card, index) => [card, tokens[index] ?? '', String(prices[index])]), ['RTX 3060', '19.48', '329']],
)

const settings = ['원본 모델', '원본 모델 + vLLM', '양자화 모델', '양자화 모델 + vLLM']
/** Three prompts of four settings. */
export const speeds = table(
  'speed',
  {
    setting: { ...key, title: 'Setting', ko: '모델 설정' },
    p1: measured('Prompt 1', '프롬프트 1', 'tokens/s'),
    p2: measured('Prompt 2', '프롬프트 2', 'tokens/s'),
    p3: measured('Prompt 3', '프롬프트 3', 'tokens/s'),
  },
  ['23.14 26.03 26.13', '68.49 68.94 68.83', '15.81 15.99 16.03', '95.07 95.01 95.78'].map((row, index) => [
    settings[index] ?? '',
    ...row.split(' '),
  ]),
)
export const memory = table(
  'memory',
  {
    setting: { ...key, title: 'Setting', ko: '모델 설정' },
    ram_gb: measured('System RAM', '시스템 RAM', 'GB'),
    gpu_gb: measured('GPU RAM', 'GPU RAM', 'GB'),
  },
  ['3.3 15.8', '7.8 35.3*', '3.4 6.0', '7.7 35.7*'].map((row, index) => [settings[index] ?? '', ...row.split(' ')]),
)
/** What a million tokens cost by the hour. */
export const costs = table(
  'cost',
  {
    configuration: { ...key, title: 'Configuration', ko: '구성' },
    gpus: { role: 'fact', title: 'GPUs', ko: 'GPU 개수' },
    tokens_s: measured('Output', '처리량', 'tokens/s'),
    minutes: { role: 'derived', title: 'Time per million tokens', ko: '토큰 100만 개당 시간', unit: 'min' },
    usd: { role: 'derived', title: 'Cost per million tokens', ko: '토큰 100만 개당 비용', unit: 'USD' },
  },
  [
    ['7b on g5.2xlarge', '1', '161.3', '103.32', '2.09'],
    ['7b on g5.12xlarge', '4', '336.96', '49.46', '4.68'],
    ['13b on g5.12xlarge', '4', '203.24', '82.01', '7.75'],
    ['13b on g5.48xlarge', '8', '224.55', '74.22', '10.07'],
    ['70b on g5.48xlarge', '8', '62.65', '266.05', '36.11'],
    ['70b on p4d.24xlarge', '8', '155.18', '107.41', '58.66'],
  ],
)
