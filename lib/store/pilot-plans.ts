import type { Store } from './store.ts'

const query = `
WITH asked(name, cells) AS (VALUES (?, ?))
SELECT p.id FROM asked JOIN plan p JOIN experiment e ON e.id = p.experiment
WHERE (e.name = asked.name
    OR EXISTS (SELECT 1 FROM cell c WHERE c.plan = p.id AND c.cell_id IN (SELECT value FROM json_each(asked.cells))))
  AND (SELECT count(DISTINCT l.block) FROM launch l JOIN trial t ON t.launch = l.id
    WHERE l.plan = p.id AND t.status = 'ok') > 1
ORDER BY e.name = asked.name DESC, p.rowid DESC LIMIT ?`

/**
 * Plans that may say how much an experiment's blocks vary: those of the same name, then those with any of its cells, with at least
 * two blocks of which something was measured; the one that was kept last first.
 */
export function pilotPlans(
  store: Store,
  { name, cellIds, most }: { name: string; cellIds: readonly string[]; most: number },
): string[] {
  const rows = store.read(() => store.sql<{ id: string }>(query).all(name, JSON.stringify(cellIds), most))
  return rows.map(({ id }) => id)
}
