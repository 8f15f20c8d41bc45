import type { GreedyAnswer } from '../domain/plan-data.ts'
import type { Store } from './store.ts'

// An answer to a prompt that was salted is one to another text each time: nothing to compare.
const answered = `SELECT c.cell_id AS cellId, r.prompt_id AS promptId, r.output AS text,
    count(*) OVER (PARTITION BY c.id, r.prompt_id) AS texts,
    row_number() OVER (PARTITION BY c.id, r.prompt_id ORDER BY count(*) DESC, min(r.id)) AS place
  FROM request r JOIN trial t ON t.id = r.trial JOIN launch l ON l.id = t.launch JOIN cell c ON c.id = t.cell
  WHERE l.plan = ? AND l.role IS NULL AND t.unused IS NULL AND t.status = 'ok' AND r.phase = 'measured' AND r.status = 'ok'
    AND r.part = 'completion' AND r.output IS NOT NULL
    AND json_extract(c.config, '$.workload.sampling.temperature') = 0
    AND coalesce(json_extract(c.config, '$.backend.salt'), 0) = 0
  GROUP BY c.id, r.prompt_id, r.output`

/** What the cells of a plan answered greedily, by cell and prompt: hostile text, as it came. */
export function readAnswers(store: Store, planId: string): GreedyAnswer[] {
  return store.read(() =>
    store
      .sql<GreedyAnswer>(
        `SELECT cellId, promptId, text, texts FROM (${answered}) WHERE place = 1 ORDER BY cellId, promptId`,
      )
      .all(planId),
  )
}
