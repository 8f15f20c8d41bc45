// The process that quantizes: `quantize-main <folder of llama.cpp> <from> <to> <file type> <threads>`. Its exit code is 0 when
// the file is whole; what llama.cpp says goes to standard error.
import { llamaQuantize } from './llama-quantize.ts'

const [folder, from, to, fileType, threads] = process.argv.slice(2)
if (folder === undefined || from === undefined || to === undefined)
  throw new Error('usage: quantize-main <folder> <from> <to> <file type> <threads>')
process.exitCode = llamaQuantize(folder, { from, to, fileType: Number(fileType), threads: Number(threads) })
