// A process that has an engine in Python, for a test that kills it: prints the engine's process number and waits.
import { fileURLToPath } from 'node:url'
import { PythonProcess } from '../../lib/backend/python-process.ts'

const script = fileURLToPath(new URL('../../lib/backend/python-engine.py', import.meta.url))
const engine = new PythonProcess({ python: 'python3', script, env: {}, install: '' })
await engine.ask({ kind: 'clock' })
console.log(engine.pid)
setInterval(() => {}, 1000)
