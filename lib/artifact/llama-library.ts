import { readdirSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

/** The llama.cpp that node-llama-cpp brings for the CPU of this machine. */
export type LlamaLibrary = {
  /** Its shared libraries. */
  folder: string
  /** As its builder names it: `ggml-org/llama.cpp v0.4.0`. */
  release: string
}

/** By platform and architecture of Node: the package that has the build. */
const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-armv7l',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
}

/** `undefined` where there is none for this machine, or where it is not installed. */
export function llamaLibrary(): LlamaLibrary | undefined {
  const build = packages[`${process.platform}-${process.arch}`]
  try {
    // Found from where node-llama-cpp is: it may have its builds to itself.
    const engine = findPackageJSON('node-llama-cpp', import.meta.url) as string
    const binaries = join(dirname(findPackageJSON(`@node-llama-cpp/${build}`, engine) as string), 'bins')
    const folder = join(binaries, readdirSync(binaries)[0] as string)
    const built = JSON.parse(readFileSync(join(folder, '_nlcBuildMetadata.json'), 'utf8')) as BuildMetadata
    const { repo, release } = built.buildOptions.llamaCpp
    return { folder, release: `${repo} ${release}` }
  } catch {
    return undefined
  }
}

type BuildMetadata = { buildOptions: { llamaCpp: { repo: string; release: string } } }
