import { attachedUrl } from '../domain/backend-config.ts'
import { artifactName } from '../domain/artifact-name.ts'
import type { ArtifactSource, Cell } from '../domain/cell.ts'
import { dataFilesOf, dataUrl } from './data-files.ts'
import type { Evidence } from './evidence.ts'
import { fileName } from './file-name.ts'
import type { Fact } from './machines.ts'
import { fixed, shownBytes, shownTime } from './numbers.ts'
import { mostBytesInPage } from './observed-requests.ts'

export type Rebuilding = {
  commands: readonly { says: string; command: string }[]
  files: readonly { name: string; href: string; text: string }[]
  /** Where all requests are, if they are too many for the page; else empty. */
  beside: string
  digests: readonly Fact[]
  artifacts: readonly { name: string; digest: string; size: string; facts: string }[]
  versions: readonly Fact[]
  sessions: readonly string[]
  experimentTitle: string
  experiment: string
}

/** What is needed to check the report: its data, the digests of what went in, the commands that made it and make it again. */
export function rebuildingOf(evidence: Evidence, digests: { store: string; templates: string }): Rebuilding {
  const { data, words } = evidence
  const { plan } = data
  const files = dataFilesOf(evidence)
  const name = fileName(plan.experiment.name)
  return {
    commands: commandsOf(evidence, `${name}.html`),
    files: [
      { name: `${name}.csv`, href: dataUrl('text/csv', files.csv), text: words('rebuild.csv') },
      { name: `${name}.json`, href: dataUrl('application/json', files.json), text: words('rebuild.json') },
      ...verdictsInPage(evidence, name),
      ...requestsInPage(evidence),
    ],
    beside: besideText(evidence),
    digests: [
      { field: words('rebuild.plan'), text: plan.id },
      { field: words('rebuild.experiment'), text: plan.experiment.digest },
      { field: words('rebuild.store'), text: digests.store },
      { field: words('rebuild.requests-digest', { n: evidence.requestFile.rows }), text: evidence.requestFile.digest },
      { field: words('rebuild.templates'), text: digests.templates },
    ],
    artifacts: artifactsOf(evidence),
    versions: versionsOf(evidence),
    sessions: data.sessions.map((session) =>
      words('rebuild.session', {
        start: shownTime(session.startedAtMs),
        end: session.endedAtMs === undefined ? words('rebuild.open') : shownTime(session.endedAtMs),
        n: session.resumes,
      }),
    ),
    experimentTitle: words('rebuild.file', { file: labPath(plan.experiment.file) }),
    experiment: plan.experiment.text,
  }
}

function commandsOf({ data: { plan }, words }: Evidence, file: string): Rebuilding['commands'] {
  return [
    { says: words('rebuild.made'), command: plan.command },
    {
      says: words('rebuild.rebuilds'),
      command: `benchbook report ${plan.id} --lang ${words('language')} -o ${file}`,
    },
    {
      says: words('rebuild.queries'),
      command: `benchbook query "SELECT * FROM v_cell WHERE plan_id = '${plan.id}'"`,
    },
  ]
}

/** As the types of `domain/verdict.ts` have them: with all digits, block by block. */
function verdictsInPage({ data: { verdicts }, words }: Evidence, name: string): Rebuilding['files'] {
  if (verdicts === undefined) return []
  const json = `${JSON.stringify(verdicts, null, 1)}\n`
  return [{ name: `${name}.verdicts.json`, href: dataUrl('application/json', json), text: words('rebuild.verdicts') }]
}

function requestsInPage({ requestFile: { name, rows, text }, words }: Evidence): Rebuilding['files'] {
  if (text === undefined || rows === 0) return []
  return [{ name, href: dataUrl('text/csv', text), text: words('rebuild.requests', { n: rows }) }]
}

function besideText({ requestFile: { name, rows, text }, words }: Evidence): string {
  if (text !== undefined) return ''
  const mostMegabytes = mostBytesInPage / 1e6
  return words('rebuild.beside', { file: `${name}.gz`, n: fixed(rows, 0), most: mostMegabytes })
}

function artifactsOf({ data, words }: Evidence): Rebuilding['artifacts'] {
  const used = [...data.plan.cells.flatMap(baseOf), ...data.plan.cells]
  const byDigest = new Map(used.map((cell) => [cell.artifact.digest, cell]))
  return [...byDigest.entries()].map(([digest, { artifact, config }]) => {
    const found = data.artifacts[digest]
    const bytes = found?.bytes ?? artifact.bytes
    const description = found?.description ?? artifact.description
    const served = config.artifact.kind === 'served' || attachedUrl(config.backend) !== undefined
    const facts =
      description === undefined
        ? []
        : [
            description.architecture,
            description.fileType ?? '',
            words('rebuild.parameters', { n: String(description.parameters) }),
          ]
    return {
      name: `${config.model.name} ${config.quantization}`,
      digest: served ? words('server.no-digest') : digest,
      size: bytes === undefined ? '' : shownBytes(bytes),
      facts: [sourceText(settled(config.artifact, artifact.commit), words), ...facts]
        .filter((fact) => fact !== '')
        .join(', '),
    }
  })
}

/** The base of a cell, as if it were one. */
function baseOf({ base, config }: Cell): Pick<Cell, 'artifact' | 'config'>[] {
  const { workload } = config
  if (base === undefined || workload.kind !== 'perplexity' || workload.base === undefined) return []
  return [{ artifact: base.artifact, config: { ...config, artifact: base.source, quantization: workload.base } }]
}

/** A branch by the commit that it was: a reader can fetch that. */
function settled(source: ArtifactSource, commit: string | undefined): ArtifactSource {
  return source.kind === 'hf' && commit !== undefined ? { ...source, revision: commit } : source
}

function sourceText(source: ArtifactSource, words: Evidence['words']): string {
  switch (source.kind) {
    case 'path':
      return labPath(source.path)
    case 'hf':
    case 'ollama':
      return artifactName(source)
    case 'served':
      return words('server.served', { name: source.name })
    case 'random':
    case 'quantize':
      return words('rebuild.random')
  }
}

function versionsOf({ data, words }: Evidence): Fact[] {
  const manifests = Object.values(data.manifests).map(({ manifest }) => manifest)
  const tools = manifests.map(({ tool }) =>
    [
      tool.version,
      ...(tool.commit === undefined ? [] : [tool.commit]),
      ...(tool.dirty === true ? [words('rebuild.dirty')] : []),
    ].join(' '),
  )
  const engines = manifests.flatMap(({ engine }) =>
    engine === undefined
      ? []
      : [[engine.name, engine.version, engine.build].filter((part) => part !== undefined).join(' ')],
  )
  const all = [
    { field: 'benchbook', values: tools },
    { field: words('rebuild.engine'), values: engines },
    { field: 'Node', values: manifests.map(({ runtime }) => `${runtime.node} ${runtime.platform} ${runtime.arch}`) },
    { field: words('rebuild.measurement'), values: manifests.map(({ tool }) => String(tool.measurement)) },
  ]
  return all
    .filter(({ values }) => values.length > 0)
    .map(({ field, values }) => ({ field, text: [...new Set(values)].join(', ') }))
}

/** A path as the lab has it: of one outside of it only the file's name, as folders are the machine's own affair. */
function labPath(path: string): string {
  return /^([/\\]|[A-Za-z]:)/.test(path) || path.startsWith('..') ? (path.split(/[/\\]/).at(-1) ?? path) : path
}
