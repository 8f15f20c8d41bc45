import { Lab } from '../system/lab.ts'
import { type Figure, median } from './bound.ts'

const experiment = `
name: decode-ratio
axes: { model: [random-50m], quantization: [f16, q4_0], workload: [decode] }
load: { requests: 6 }
repeat: { blocks: 3 }
`
const atLeast: Record<string, number> = { f16: 97, q4_0: 95 }

type Row = { quantization: string; decode_tps: number; engine_decode_tps: number }

/** What is left of llama.cpp's own decode speed after the whole harness, at one thread; request by request. */
export async function decodeRatio(): Promise<Figure[]> {
  using lab = new Lab({ 'ratio.yaml': experiment })
  const { code, stderr } = await lab.run('run', 'experiments/ratio.yaml')
  if (code !== 0) throw new Error(stderr)
  const sql = `SELECT json_extract(axes, '$.quantization') AS quantization, decode_tps, engine_decode_tps
    FROM v_request WHERE phase = 'measured' AND decode_tps IS NOT NULL`
  const { rows } = JSON.parse((await lab.run('query', sql, '--json')).stdout) as { rows: Row[] }
  return Object.entries(atLeast).map(([quantization, limit]) => {
    const own = rows.filter((row) => row.quantization === quantization)
    const ratios = own.map((row) => (100 * row.decode_tps) / row.engine_decode_tps)
    return {
      what: `decode speed against llama.cpp's own counter, random-50m ${quantization}, median`,
      value: median(ratios),
      unit: '%',
      limit: { atLeast: limit },
    }
  })
}
