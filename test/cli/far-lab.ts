import { smallModel } from '../artifact/small-gguf.ts'
import { HubServer, sha256 } from '../hub/hub-server.ts'
import { CommandLine } from './command-line.ts'

const commit = 'c'.repeat(40)
const catalogue = `models:
  far:
    artifacts:
      q4_0: { hf: org/far-GGUF, file: far-q4_0.gguf }
      pinned: { hf: org/far-GGUF, revision: ${commit}, file: far-q4_0.gguf }
      lama: { ollama: 'lama:1b' }
`
const experiment = `name: far
axes: { model: [far], quantization: [q4_0, pinned], workload: [decode] }
load: { requests: 1 }
repeat: { blocks: 1 }
`

/** A hub with one model, and a lab that names it. */
export async function farLab() {
  const hub = await HubServer.start()
  const lab = new CommandLine({ 'data/catalogue/own.yaml': catalogue, 'experiments/far.yaml': experiment })
  hub.repos['org/far-GGUF'] = { commit, files: { 'far-q4_0.gguf': smallModel() }, lfs: /gguf/ }
  const env = {
    HF_ENDPOINT: hub.url,
    HF_HOME: lab.at('hf'),
    OLLAMA_MODELS: lab.at('ollama'),
    PATH: `${lab.at('bin')}:${process.env['PATH']}`,
  }
  const hidden = (text: string) => text.replaceAll(new URL(hub.url).host, 'HUB').replaceAll(commit, 'COMMIT')
  const run = async (line: string, change: Record<string, string> = {}) => {
    const said = await lab.run(line.split(' '), { env: { ...env, ...change } })
    return { ...said, stdout: hidden(said.stdout), stderr: hidden(said.stderr) }
  }
  const list = async () =>
    (await run('models list')).stdout.split('\n').filter((line) => /^(far|hf:|ollama:)/.test(line))
  return {
    hub,
    lab,
    run,
    list,
    async [Symbol.asyncDispose]() {
      lab[Symbol.dispose]()
      await hub[Symbol.asyncDispose]()
    },
  }
}

/** A model in Ollama's store. */
export function putOllama(lab: CommandLine, content = smallModel()): void {
  const digest = sha256(content)
  const layers = [
    { mediaType: 'application/vnd.ollama.image.template', digest: `sha256:${'0'.repeat(64)}`, size: 3 },
    { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}`, size: content.length },
  ]
  lab.write('ollama/manifests/registry.ollama.ai/library/lama/1b', JSON.stringify({ schemaVersion: 2, layers }))
  lab.write(`ollama/blobs/sha256-${digest}`, content)
}
