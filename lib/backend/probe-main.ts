// The process that finds out what llama.cpp can run here: `probe-main <accelerator>`. It really loads the library; its last line
// of standard output is JSON. A crash in native code ends only this process.
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import type { Accelerator } from '../domain/cell.ts'

const accelerator = process.argv[2] as Accelerator
const llama = await getLlama({
  gpu: accelerator === 'cpu' ? false : accelerator,
  build: 'never',
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
})
const { repo, release } = llama.llamaCppRelease
const found = llama.gpu === false ? 'cpu' : llama.gpu
const devices = found === 'cpu' ? [] : await llama.getGpuDeviceNames()
process.stdout.write(`${JSON.stringify({ accelerator: found, build: `${repo} ${release}`, devices })}\n`)
process.exit(0)
