import { plain } from '../domain/plain.ts'
import { UserError } from '../domain/user-error.ts'
import type { RepoFile, RepoListing } from './repo-file.ts'

/** What is fetched of a repository, and the programs in it, which are only told of. */
export type ChosenFiles = { files: readonly RepoFile[]; code: readonly string[] }

// What an engine reads; other formats of the same weights lie in folders or end otherwise.
const read = /^(?:[^/]+\.(?:safetensors|json|jinja|model|tiktoken|txt)|additional_chat_templates\/[^/]+\.jinja)$/
/** The same weights once more, for another program. */
const duplicate = /^consolidated[\w.-]*\.safetensors$/
const part = /-\d{5}-of-\d{5}\.gguf$/

/**
 * The file that is named, else what an engine needs of a model in safetensors: the weights last, so that a folder that has
 * them has all. Throws a `UserError` that says what there is where that is not what was asked for.
 */
export function chosenFiles(listing: RepoListing, file?: string): ChosenFiles {
  if (file !== undefined) return { files: [namedFile(listing, file)], code: [] }
  const inRoot = listing.files.filter(({ path }) => read.test(path))
  const own = inRoot.filter(({ path }) => isWeights(path) && !duplicate.test(path))
  const weights = own.length > 0 ? own : inRoot.filter(({ path }) => isWeights(path))
  if (weights.length === 0) throw new UserError(`${plain(listing.repo)} has no safetensors: ${advice(listing)}`)
  const code = listing.files.flatMap(({ path }) => (path.endsWith('.py') ? [path] : []))
  return { files: [...inRoot.filter(({ path }) => !isWeights(path)), ...weights], code }
}

const isWeights = (path: string) => path.endsWith('.safetensors')

function namedFile({ repo, commit, files }: RepoListing, file: string): RepoFile {
  if (part.test(file))
    throw new UserError(
      `${plain(file)} is a part of a model: merge the parts with llama-gguf-split, and name the file by path`,
    )
  const found = files.find(({ path }) => path === file)
  if (found !== undefined) return found
  throw new UserError(
    `${plain(repo)} has no file ${plain(file)} at ${commit.slice(0, 12)}: ${ggufWords(files) || 'it has no GGUF file'}`,
  )
}

function advice({ files }: RepoListing): string {
  const gguf = ggufWords(files)
  if (gguf !== '') return `${gguf}: name one with file`
  return files.some(({ path }) => /\.(bin|pth|pt)$/.test(path))
    ? 'its weights are in a format that can run programs, which is not fetched; take a repository with safetensors'
    : 'take another repository'
}

const mostNamed = 12

function ggufWords(files: readonly RepoFile[]): string {
  const names = files.flatMap(({ path }) => (path.endsWith('.gguf') ? [plain(path)] : []))
  if (names.length === 0) return ''
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return `it has ${names.slice(0, mostNamed).join(', ')}${more}`
}
