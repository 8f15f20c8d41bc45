import { onInterrupt } from './interrupts.ts'
import { runProgram } from './program.ts'

const soft = new AbortController()
const hard = new AbortController()
onInterrupt((count) => {
  if (count === 1) soft.abort()
  else hard.abort()
})
// `benchbook query ... | head`: the reader has gone, which is not a failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  interrupt: { soft: soft.signal, hard: hard.signal },
  env: process.env,
  cwd: process.cwd(),
})
