import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { getLlama, getModuleVersion, LlamaLogLevel } from 'node-llama-cpp'

const shell = async (command: string, ...args: string[]) =>
  (await promisify(execFile)('sh', ['-c', command, ...args])).stdout

/** What the embedded engine was built from, how, and for which processor: `node-llama-cpp 3.21.1, ...`. */
export async function embeddedBuild(): Promise<string> {
  await using llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
  })
  const { repo, release } = llama.llamaCppRelease
  const kernels = await librariesOf('self')
  return `node-llama-cpp ${await getModuleVersion()}, ${repo} ${release}, ${llama.buildType}; ${kernels}; ${llama.systemInfo.trim()}`
}

/** The same of a program of llama.cpp that lies beside its libraries, or has them in itself. */
export async function programBuild(program: string): Promise<string> {
  const folder = dirname(program)
  const { stderr, stdout } = await promisify(execFile)(program, ['--version']).catch((error) => error)
  const version = /version: .*/.exec(`${stdout}${stderr}`)?.[0] ?? ''
  const libraries = await shell('ls "$0"/libggml-cpu.so 2>/dev/null || true', folder)
  return [version, await compiledBy(libraries.trim() || program), await flagsOf(folder)].join('; ')
}

async function librariesOf(process: string): Promise<string> {
  const maps = await readFile(`/proc/${process}/maps`, 'utf8').catch(() => '')
  const [library] = /\/\S*libggml-cpu\S*\.so\S*/.exec(maps) ?? []
  return library === undefined ? 'library not known here' : compiledBy(library)
}

/** `libggml-cpu-zen4.so by GCC 11.4.0`: compilers leave their name in what they make. */
async function compiledBy(library: string): Promise<string> {
  const [compiler] = /(?:GCC: \([^)]*\)|clang version) [\d.]+/.exec(await readFile(library, 'latin1')) ?? ['?']
  return `${basename(library)} by ${compiler}`
}

/** The choices of a build by CMake that tell kernels apart. */
async function flagsOf(folder: string): Promise<string> {
  const cache = await readFile(join(folder, '..', 'CMakeCache.txt'), 'utf8').catch(() => '')
  const choices = cache.matchAll(
    /^(CMAKE_BUILD_TYPE|GGML_(?:NATIVE|AVX\w*|OPENMP|LLAMAFILE|CPU_REPACK)):\w+=(?!OFF)(.*)$/gm,
  )
  return (
    [...choices].map(([, name, value]) => `${name}=${value}`).join(' ') ||
    'flags not known: no CMakeCache.txt beside it'
  )
}
