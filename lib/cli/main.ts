import { onInterrupt } from './interrupts.ts'
import { runProgram } from './program.ts'

// `benchbook query ... | head`: the reader has gone, which is not a failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  catchInterrupts() {
    const [soft, hard] = [new AbortController(), new AbortController()]
    onInterrupt((count) => (count === 1 ? soft : hard).abort())
    return { soft: soft.signal, hard: hard.signal }
  },
  env: process.env,
  cwd: process.cwd(),
})
