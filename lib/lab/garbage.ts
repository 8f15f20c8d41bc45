import { existsSync } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { droppedDigests } from '../artifact/digest-cache.ts'
import type { LaunchRow } from '../domain/plan-data.ts'
import { isAlive } from '../shell/process-id.ts'
import { readLaunches } from '../store/launches.ts'
import { listPlans } from '../store/list-plans.ts'
import { readPlan } from '../store/read-plan.ts'
import type { Store } from '../store/store.ts'
import { localTarget } from '../target/local.ts'
import { artifactFolders } from './expand-file.ts'
import { knownModels } from './known-models.ts'
import { findLab, type Place } from './lab.ts'
import { leftProbes } from './left-probes.ts'
import { planHolder } from './plan-lock.ts'

/** Something that can go, and what it takes up. */
export type Garbage = { what: 'spool' | 'draft' | 'backup' | 'digest' | 'model'; path: string; bytes: number }

export type GarbageOptions = {
  /** Absent where there is none yet. */
  store: Store | undefined
  /** The store's file: spools and backups lie beside it. */
  file: string
  place: Place
  /** Spools and backups that were written to later stay. */
  olderThanMs: number
  nowMs: number
  models: boolean
}

/** All that can go without a loss: what a living worker, an unfinished plan or a resume needs is not among it. */
export async function findGarbage(options: GarbageOptions): Promise<Garbage[]> {
  const { root } = findLab(options.place.cwd)
  const found = [
    ...(await oldSpools(options)),
    ...(await backups(options)),
    ...(await probes(options)),
    ...(await drafts([join(root, 'data'), join(root, 'reports', 'out'), dirname(options.file)])),
    ...(await droppedDigests(digestCache(options.place), 'look')).map((path) => ({
      what: 'digest' as const,
      path,
      bytes: 0,
    })),
    ...(options.models ? await unusedModels(options) : []),
  ]
  return [...new Map(found.map((each) => [`${each.what} ${each.path}`, each])).values()]
}

/** Removes what was found. */
export async function removeGarbage(garbage: readonly Garbage[], place: Place): Promise<void> {
  for (const { what, path } of garbage) if (what !== 'digest') await rm(path, { recursive: true, force: true })
  if (garbage.some(({ what }) => what === 'digest')) await droppedDigests(digestCache(place), 'drop')
}

const digestCache = (place: Place) => artifactFolders(findLab(place.cwd), place).digestCache

/** Of plans that are complete: the spools of launches that are wholly in the store. */
async function oldSpools({ store, file, olderThanMs, nowMs }: GarbageOptions): Promise<Garbage[]> {
  if (store === undefined) return []
  const spools = `${file}.spool`
  const target = localTarget({ spools, worker: [process.execPath] })
  const found: Garbage[] = []
  for (const { id, trials } of listPlans(store)) {
    if (trials.pending + trials.running + trials.interrupted > 0 || (await planHolder(id)) !== undefined) continue
    for (const launch of readLaunches(store, id)) {
      const path = spoolPath(launch, spools)
      if (path === undefined || (await target.state(launch.spool as string)) === 'running') continue
      const { bytes, lastMs } = await sizeOf(path)
      if (nowMs - lastMs > olderThanMs) found.push({ what: 'spool', path, bytes })
    }
  }
  return found
}

/** Of a launch that has ended, unless it was interrupted; never a folder that is not among the store's spools. */
function spoolPath({ status, spool }: LaunchRow, spools: string): string | undefined {
  if (spool === undefined || (status !== 'ok' && status !== 'failed')) return undefined
  const path = join(spools, spool)
  return path.startsWith(spools + sep) && existsSync(path) ? path : undefined
}

async function backups({ file, olderThanMs, nowMs }: GarbageOptions): Promise<Garbage[]> {
  const start = `${basename(file)}.v`
  const names = (await filesIn(dirname(file))).filter((path) => /^\d+\.bak$/.test(named(path, start)))
  const sized = await Promise.all(names.map(async (path) => ({ path, ...(await sizeOf(path)) })))
  const old = sized.filter(({ lastMs }) => nowMs - lastMs > olderThanMs)
  return old.map(({ path, bytes }) => ({ what: 'backup', path, bytes }))
}

/** What is left of a name after its start; empty where it starts otherwise. */
const named = (path: string, start: string) =>
  basename(path).startsWith(start) ? basename(path).slice(start.length) : ''

/** What processes were trying that are no more. */
async function probes({ file, olderThanMs, nowMs }: GarbageOptions): Promise<Garbage[]> {
  const sized = await Promise.all((await leftProbes(file)).map(async ({ path }) => ({ path, ...(await sizeOf(path)) })))
  const old = sized.filter(({ lastMs }) => nowMs - lastMs > olderThanMs) // a worker ends soon after its runner
  return old.map(({ path, bytes }) => ({ what: 'spool', path, bytes }))
}

const draftName = /\.(\d+)\.(?:draft|[\w-]+\.tmp(?:\.log)?)$/

/** Files that were being written by processes which are no more. */
async function drafts(folders: readonly string[]): Promise<Garbage[]> {
  const paths = (await Promise.all([...new Set(folders)].map((folder) => filesIn(folder)))).flat()
  const dead = paths.filter((path) => {
    const pid = draftName.exec(path)?.[1]
    return pid !== undefined && !isAlive({ pid: Number(pid) })
  })
  return Promise.all(dead.map(async (path) => ({ what: 'draft' as const, path, bytes: (await sizeOf(path)).bytes })))
}

/** Models that were generated or quantized here, and that no catalogue and no plan names. */
async function unusedModels({ store, place }: GarbageOptions): Promise<Garbage[]> {
  const { root } = findLab(place.cwd)
  const plans = store === undefined ? [] : listPlans(store).map(({ id }) => readPlan(store, id))
  const used = new Set(plans.flatMap((plan) => plan.cells.map(({ artifact }) => basename(artifact.path))))
  const made = ['random', 'quantized'].map((folder) => join('data', 'models', folder))
  const models = (await knownModels(place)).filter(({ from, path, status }) => {
    return from === 'file' && status === 'present' && made.includes(dirname(path)) && !used.has(basename(path))
  })
  return models.map(({ path, bytes = 0 }) => ({ what: 'model' as const, path: join(root, path), bytes }))
}

/** The files in a folder and a few levels below it; links are not followed, and spools are left alone. */
async function filesIn(folder: string, levels = 3): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isFile()) return [path]
      return entry.isDirectory() && levels > 1 && !entry.name.endsWith('.spool') ? filesIn(path, levels - 1) : []
    }),
  )
  return found.flat()
}

/** Bytes of a file, or of all files in a folder, and when the last of them was written. */
async function sizeOf(path: string): Promise<{ bytes: number; lastMs: number }> {
  const facts = await lstat(path)
  if (!facts.isDirectory()) return { bytes: facts.size, lastMs: facts.mtimeMs }
  const parts = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))))
  const lastMs = Math.max(0, ...parts.map((part) => part.lastMs))
  return { bytes: parts.reduce((sum, part) => sum + part.bytes, 0), lastMs: parts.length > 0 ? lastMs : facts.mtimeMs }
}
