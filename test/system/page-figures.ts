/** A number that a page gives to programs, and what it says it is of. */
export type PageFigure = { cellId: string; figure: string; prompt: string; value: number; text: string }
type Row = Record<string, string | number | null>

const ended = "phase = 'measured' AND v.status = 'ok' AND v.part = 'completion'"
const byPrompt = `SELECT v.cell_id, v.prompt_id, exp(avg(ln(v.e2e_ms))) / 1000 AS e2e_s, exp(avg(ln(v.request_tps))) AS request_tps,
    max(v.output_tokens) AS output_tokens_most
  FROM v_request v WHERE ${ended} GROUP BY v.cell_id, v.prompt_id`
/** What the store says of figures that are no column of `v_trial`, computed from its requests: a row per cell, and prompt. */
const derived = [
  byPrompt,
  `SELECT cell_id, '' AS prompt_id, sum(e2e_s) AS all_prompts_s, sum(e2e_s * request_tps) / sum(e2e_s) AS all_prompts_tps
   FROM (${byPrompt}) GROUP BY cell_id`,
  `SELECT v.cell_id, '' AS prompt_id, avg(v.ttft_ms) AS client_ttft_ms, avg(r.engine_prompt_ms) AS engine_ttft_ms,
     avg(v.ttft_ms - r.engine_prompt_ms) AS ttft_between_ms
   FROM v_request v JOIN request r ON r.id = v.request_id WHERE v.${ended} GROUP BY v.cell_id`,
  `SELECT v.cell_id, '' AS prompt_id, v.decode_tps AS client_decode_tps, v.decode_tps / v.engine_decode_tps AS client_by_engine,
     v.load_ms / 1000 AS load_s
   FROM v_trial v`,
]

/**
 * What a store with one trial of each cell says of any figure, in the unit of the page; `query` gives the rows of a query.
 * Throws for a figure of which the store says nothing.
 */
export async function storedFigures(query: (sql: string) => Promise<readonly Row[]>) {
  const trials = new Map((await query('SELECT * FROM v_trial')).map((row) => [row['cell_id'], row]))
  const rows = (await Promise.all(derived.map((sql) => query(sql)))).flat()
  const byFigure = new Map(
    rows.flatMap((row) =>
      Object.entries(row).map(([figure, value]) => [
        key(String(row['cell_id']), figure, String(row['prompt_id'])),
        value,
      ]),
    ),
  )
  return ({ cellId, figure, prompt }: Pick<PageFigure, 'cellId' | 'figure' | 'prompt'>): number => {
    const found =
      byFigure.get(key(cellId, figure, prompt)) ?? (prompt === '' ? trials.get(cellId)?.[figure] : undefined)
    if (typeof found !== 'number') throw new Error(`the store has no ${figure} ${prompt} of cell ${cellId}`)
    return found / (figure.endsWith('_bytes') ? 2 ** 20 : 1)
  }
}

const key = (...parts: readonly string[]) => JSON.stringify(parts)

/** What `page` says in numbers: each value of the matrix, chosen or not, of the tables of arms, and listed under a cell. */
export function figuresOf(page: string): PageFigure[] {
  const blocks = page.split('<div id="cell-').slice(1)
  const ids = new Map(blocks.map((block) => [/^\d+/.exec(block)?.[0], /<code>([0-9a-f]{64})<\/code>/.exec(block)?.[1]]))
  const figure = (anchor: string | undefined, named: string | undefined, value: string | undefined, text = '') => ({
    cellId: ids.get(anchor) as string,
    figure: named as string,
    prompt: '',
    value: Number(value),
    text: text.replaceAll(/\s/g, ''),
  })
  const matrix = /<table class="matrix">[^]*?<\/table>/.exec(page)?.[0] ?? ''
  const cells = matrix.matchAll(
    /data-column="[a-z-]+-(\w+)"[^>]*><a href="#cell-(\d+)"[^>]*><data value="([^"]+)">([^<]+)<\/data>/g,
  )
  const tables = page.matchAll(
    /<a href="#cell-(\d+)"[^>]*><data value="([^"]+)" data-figure="(\w+)"(?: data-prompt="([^"]+)")?>([^<]+)<\/data>/g,
  )
  const listed = blocks.flatMap((block) => {
    const rows = block.matchAll(
      /href="#metric-(\w+)">[^<]*<\/a><\/td><td class="n"><data value="([^"]+)">([^<]+)<\/data>/g,
    )
    return [...rows].map(([, metric, value, text]) => figure(/^\d+/.exec(block)?.[0], metric, value, text))
  })
  return [
    ...[...cells].map(([, metric, anchor, value, text]) => figure(anchor, metric, value, text)),
    ...[...tables].map(([, anchor, value, named, prompt = '', text]) => ({
      ...figure(anchor, named, value, text),
      prompt,
    })),
    ...listed,
  ]
}
